-- Level-4 online services (until 2022): one row per published figure.
-- Gives org_id, period, value, status, source.
SELECT
    org_id,
    period,
    value,
    status,
    source
FROM fact.published_value
WHERE indicator = 'level4-service-rate'
ORDER BY org_id, period
