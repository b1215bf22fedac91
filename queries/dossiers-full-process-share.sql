-- Dossiers handled online from end to end: one row per settling body that gave a result in the period, and per body above.
-- Gives org_id, numerator, denominator. Needs $period_start, $period_end and $of_online.
WITH resolved AS (
    SELECT
        org_id,
        count(*) FILTER (WHERE channel = 2 AND has_result_link) AS numerator,
        count(*) AS denominator
    FROM fact.dossier_case
    WHERE CAST(processed_at AS DATE) BETWEEN $period_start AND $period_end
      AND status NOT IN (3, 7, 8)
      AND ($of_online = 0 OR channel = 2)
    GROUP BY org_id
)
SELECT
    above.above_id AS org_id,
    CAST(sum(resolved.numerator) AS BIGINT) AS numerator,
    CAST(sum(resolved.denominator) AS BIGINT) AS denominator
FROM resolved
JOIN ref.organisation_above AS above
    ON above.org_id = resolved.org_id
    AND $period_end BETWEEN above.first_on AND above.last_on
GROUP BY above.above_id
ORDER BY above.above_id
