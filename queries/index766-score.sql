-- The 766 index: one row per province or nation, period, and total or group.
-- Gives org_id, period, breakdown, value, status, source.
WITH score AS (
    SELECT org_id, period, breakdown, value, status, source
    FROM fact.index766_score
    UNION ALL
    SELECT org_id, period, breakdown, value, status, source
    FROM fact.published_value
    WHERE indicator = 'index766-score'
)
SELECT
    org_id,
    period,
    breakdown,
    value,
    status,
    source
FROM score
ORDER BY org_id, period, coalesce(breakdown, '')
