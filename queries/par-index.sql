-- Public administration reform index (PAR INDEX): one row per published figure.
-- Gives org_id, period, value, status, source.
SELECT
    org_id,
    period,
    value,
    status,
    source
FROM fact.published_value
WHERE indicator = 'par-index'
ORDER BY org_id, period
