-- Dossiers received and processed: one row per unit, commune and province, period, and total, on time or overdue.
-- Gives org_id, period, breakdown, count, status, source.
WITH counted AS (
    SELECT org_id, period, CAST(NULL AS VARCHAR) AS breakdown, received AS count, status, source FROM fact.progress
    UNION ALL
    SELECT org_id, period, 'on-time', on_time, status, source FROM fact.progress
    UNION ALL
    SELECT org_id, period, 'overdue', received - on_time, status, source FROM fact.progress
)
SELECT
    org_id,
    period,
    breakdown,
    count,
    status,
    source
FROM counted
ORDER BY org_id, period, coalesce(breakdown, '')
