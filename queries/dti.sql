-- Digital transformation index (DTI): one row per published figure.
-- Gives org_id, period, value, status, source.
SELECT
    org_id,
    period,
    value,
    status,
    source
FROM fact.published_value
WHERE indicator = 'dti'
ORDER BY org_id, period
