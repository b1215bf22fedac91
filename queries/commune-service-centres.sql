-- Commune Public Administration Service Centres: one row per published figure.
-- Gives org_id, period, count, status, source.
SELECT
    org_id,
    period,
    CAST(value AS BIGINT) AS count,
    status,
    source
FROM fact.published_value
WHERE indicator = 'commune-service-centres'
ORDER BY org_id, period
