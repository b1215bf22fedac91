-- Dossiers resolved early: one row per settling body that resolved a dossier in the period, and per body above.
-- Gives org_id, numerator, denominator. Needs $period_start, $period_end, $finish and $closed_on_time. Days are compared.
WITH resolved AS (
    SELECT
        org_id,
        count(*) FILTER (
            WHERE requests <= 1
              AND coalesce(CAST(stopped_at AS DATE), ended_on) < CAST(due_at AS DATE)
              AND NOT ($closed_on_time = 1 AND status IN (3, 7, 8))
        ) AS numerator,
        count(*) AS denominator
    FROM (
        SELECT
            *,
            CAST(CASE $finish WHEN 'returned' THEN handed_at ELSE processed_at END AS DATE) AS ended_on
        FROM fact.dossier_case
    ) AS dossier
    WHERE ended_on BETWEEN $period_start AND $period_end
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
