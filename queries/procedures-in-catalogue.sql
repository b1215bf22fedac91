-- Administrative procedures in the catalogue: one row per published figure.
-- Gives org_id, period, count, status, source.
SELECT
    org_id,
    period,
    CAST(value AS BIGINT) AS count,
    status,
    source
FROM fact.published_value
WHERE indicator = 'procedures-in-catalogue'
ORDER BY org_id, period
