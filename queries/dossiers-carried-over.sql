-- Dossiers carried over: received before the period and not ended before it; one row per settling body that had one, and per body above.
-- Gives org_id, count. Needs $period_start, $period_end and $finish.
WITH carried AS (
    SELECT org_id, count(*) AS dossiers
    FROM fact.dossier_case
    WHERE received_on < $period_start
      AND (
          is_open
          OR (CASE $finish WHEN 'returned' THEN handed_at ELSE processed_at END) >= CAST($period_start AS DATE)
      )
    GROUP BY org_id
)
SELECT above.above_id AS org_id, CAST(sum(carried.dossiers) AS BIGINT) AS count
FROM carried
JOIN ref.organisation_above AS above
    ON above.org_id = carried.org_id
    AND $period_end BETWEEN above.first_on AND above.last_on
GROUP BY above.above_id
ORDER BY above.above_id
