-- Dossiers overdue among those in process at the end of the period: one row per settling body that had one, and per body above.
-- Gives org_id, numerator, denominator. Needs $period_end, $finish and $waiting_in_time.
WITH open AS (
    SELECT
        org_id,
        count(*) FILTER (
            WHERE (requests > 1 OR (CAST(due_at AS DATE) < $period_end AND (stopped_at IS NULL OR stopped_at > due_at)))
              AND NOT ($waiting_in_time = 1 AND status IN (5, 6))
        ) AS numerator,
        count(*) AS denominator
    FROM fact.dossier_case
    WHERE received_on <= $period_end
      AND (
          is_open
          OR (CASE $finish WHEN 'returned' THEN handed_at ELSE processed_at END) >= CAST($period_end AS DATE) + INTERVAL 1 DAY
      )
    GROUP BY org_id
)
SELECT
    above.above_id AS org_id,
    CAST(sum(open.numerator) AS BIGINT) AS numerator,
    CAST(sum(open.denominator) AS BIGINT) AS denominator
FROM open
JOIN ref.organisation_above AS above
    ON above.org_id = open.org_id
    AND $period_end BETWEEN above.first_on AND above.last_on
GROUP BY above.above_id
ORDER BY above.above_id
