-- Dossiers handled online from end to end: one row per settling body that gave a result in the period, and per body above.
-- Gives org_id, numerator, denominator. Needs $period_start, $period_end, $of_online and $level_from.
-- Of a full-process service, a dossier submitted online counts; of another service of the catalogue, none. Where the catalogue
-- does not know the procedure on the day of receipt, or is not asked, the dossier itself must link to an electronic result.
SELECT
    above.above_id AS org_id,
    CAST(sum(
        CASE
            WHEN counted.channel <> 2 THEN 0
            WHEN $level_from = 'catalogue' AND counted.service_level IS NOT NULL
                THEN CASE WHEN counted.service_level = 'full' THEN counted.dossiers ELSE 0 END
            WHEN counted.has_result_link THEN counted.dossiers
            ELSE 0
        END
    ) AS BIGINT) AS numerator,
    CAST(sum(counted.dossiers) AS BIGINT) AS denominator
FROM fact.dossier_count AS counted
JOIN ref.organisation_above AS above
    ON above.org_id = counted.org_id
    AND $period_end BETWEEN above.first_on AND above.last_on
WHERE counted.finish = 'processed'
  AND counted.ended_from BETWEEN $period_start AND $period_end
  AND NOT counted.is_closed
  AND ($of_online = 0 OR counted.channel = 2)
GROUP BY above.above_id
ORDER BY above.above_id
