-- People using a public service portal (PAPI survey): one row per published figure.
-- Gives org_id, period, value, status, source.
SELECT
    org_id,
    period,
    value,
    status,
    source
FROM fact.published_value
WHERE indicator = 'papi-portal-users'
ORDER BY org_id, period
