-- Dossiers in process at the end of the period: one row per settling body that had one, and per body above, with the total and
-- in-time, overdue, unknown (no due day). Gives org_id, breakdown, count. Needs $period_end, $finish and $waiting_in_time.
-- Overdue: the due day is before the last day of the period. A clock that stands since before its due day is not overdue.
WITH open AS (
    SELECT
        org_id,
        CASE
            WHEN $waiting_in_time = 1 AND status IN (5, 6) THEN 'in-time'
            WHEN requests > 1 THEN 'overdue'
            WHEN due_at IS NULL THEN 'unknown'
            WHEN stopped_at <= due_at THEN 'in-time'
            WHEN CAST(due_at AS DATE) < $period_end THEN 'overdue'
            ELSE 'in-time'
        END AS breakdown,
        count(*) AS dossiers
    FROM fact.dossier_case
    WHERE received_on <= $period_end
      AND (
          is_open
          OR (CASE $finish WHEN 'returned' THEN handed_at ELSE processed_at END) >= CAST($period_end AS DATE) + INTERVAL 1 DAY
      )
    GROUP BY 1, 2
),
summed AS (
    SELECT above.above_id AS org_id, open.breakdown, sum(open.dossiers) AS dossiers
    FROM open
    JOIN ref.organisation_above AS above
        ON above.org_id = open.org_id
        AND $period_end BETWEEN above.first_on AND above.last_on
    GROUP BY above.above_id, open.breakdown
)
SELECT org_id, '' AS breakdown, CAST(sum(dossiers) AS BIGINT) AS count FROM summed GROUP BY org_id
UNION ALL
SELECT org_id, breakdown, CAST(dossiers AS BIGINT) FROM summed
ORDER BY org_id, breakdown
