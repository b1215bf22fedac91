-- Satisfaction index of public administrative services (SIPAS): one row per published figure.
-- Gives org_id, period, breakdown, value, status, source.
SELECT
    org_id,
    period,
    breakdown,
    value,
    status,
    source
FROM fact.published_value
WHERE indicator = 'sipas'
ORDER BY org_id, period, coalesce(breakdown, '')
