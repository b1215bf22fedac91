-- Mean age of dossiers in process at the end of the period: one row per settling body that had one, and per body above.
-- Gives org_id, numerator (days since receipt of all of them), denominator (dossiers). Needs $period_end and $finish.
WITH open AS (
    SELECT
        org_id,
        sum(date_diff('day', received_on, CAST($period_end AS DATE))) AS days,
        count(*) AS dossiers
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
    CAST(sum(open.days) AS BIGINT) AS numerator,
    CAST(sum(open.dossiers) AS BIGINT) AS denominator
FROM open
JOIN ref.organisation_above AS above
    ON above.org_id = open.org_id
    AND $period_end BETWEEN above.first_on AND above.last_on
GROUP BY above.above_id
ORDER BY above.above_id
