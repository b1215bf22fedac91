-- Satisfaction with online services, Government statement: one row per published figure.
-- Gives org_id, period, value, status, source.
SELECT
    org_id,
    period,
    value,
    status,
    source
FROM fact.published_value
WHERE indicator = 'users-satisfied-statement'
ORDER BY org_id, period
