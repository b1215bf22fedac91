-- Requests open at the end of the last day of the period, and how many of them are past the due date.
-- One row per organisation and part. Gives org_id, breakdown, count. Needs $period_end.
WITH open_dossier AS (
    SELECT
        org_id,
        COALESCE(CAST(due_at AS DATE) <= CAST($period_end AS DATE), FALSE) AS is_overdue
    FROM fact.dossier_timing
    WHERE CAST(opened_at AS DATE) <= CAST($period_end AS DATE)
      AND (closed_at IS NULL OR CAST(closed_at AS DATE) > CAST($period_end AS DATE))
),
backlog AS (
    SELECT
        CASE WHEN grouping(org_id) = 1 THEN 'boston' ELSE org_id END AS org_id,
        count(*) AS open_dossiers,
        count(*) FILTER (WHERE is_overdue) AS overdue_dossiers
    FROM open_dossier
    GROUP BY GROUPING SETS ((), (org_id))
)
SELECT org_id, '' AS breakdown, open_dossiers AS count
FROM backlog
UNION ALL
SELECT org_id, 'in-time' AS breakdown, open_dossiers - overdue_dossiers AS count
FROM backlog
UNION ALL
SELECT org_id, 'overdue' AS breakdown, overdue_dossiers AS count
FROM backlog
ORDER BY org_id, breakdown
