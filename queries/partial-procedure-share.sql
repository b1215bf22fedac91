-- Partly online procedures of ministries and provinces: one row per published figure.
-- Gives org_id, period, value, status, source.
SELECT
    org_id,
    period,
    value,
    status,
    source
FROM fact.published_value
WHERE indicator = 'partial-procedure-share'
ORDER BY org_id, period
