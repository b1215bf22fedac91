-- Share of dossiers submitted online, by day (July 2025): one row per published figure.
-- Gives org_id, period, value, status, source.
SELECT
    org_id,
    period,
    value,
    status,
    source
FROM fact.published_value
WHERE indicator = 'online-dossier-share-daily'
ORDER BY org_id, period
