-- Dossiers handled online from end to end: one row per settling body that gave a result in the period, and per body above.
-- Gives org_id, numerator, denominator. Needs $period_start, $period_end, $of_online and $level_from.
-- Of a full-process service, a dossier submitted online counts; of another service of the catalogue, none. Where the catalogue
-- does not know the procedure on the day of receipt, or is not asked, the dossier itself must link to an electronic result.
WITH counted AS (
    SELECT
        org_id,
        sum(
            CASE
                WHEN channel <> 2 THEN 0
                WHEN $level_from = 'catalogue' AND service_level IS NOT NULL
                    THEN CASE WHEN service_level = 'full' THEN dossiers ELSE 0 END
                WHEN has_result_link THEN dossiers
                ELSE 0
            END
        ) AS full_process,
        sum(dossiers) AS dossiers
    FROM fact.dossier_count
    WHERE finish = 'processed'
      AND ended_from BETWEEN $period_start AND $period_end
      AND NOT is_closed
      AND ($of_online = 0 OR channel = 2)
    GROUP BY org_id
)
SELECT
    above.above_id AS org_id,
    CAST(sum(counted.full_process) AS BIGINT) AS numerator,
    CAST(sum(counted.dossiers) AS BIGINT) AS denominator
FROM counted
JOIN ref.organisation_above AS above
    ON above.org_id = counted.org_id
    AND $period_end BETWEEN above.first_on AND above.last_on
    AND $period_start BETWEEN above.held_from AND above.held_to
GROUP BY above.above_id
ORDER BY above.above_id
