-- Online services on the national portal: one row per published figure.
-- Gives org_id, period, count, status, source.
SELECT
    org_id,
    period,
    CAST(value AS BIGINT) AS count,
    status,
    source
FROM fact.published_value
WHERE indicator = 'portal-services'
ORDER BY org_id, period
