-- Number of dossiers submitted online: one row per organisation, period, and total or level of reception.
-- Gives org_id, period, breakdown, count, status, source.
WITH online AS (
    SELECT org_id, period, breakdown, CAST(value AS BIGINT) AS count, status, source
    FROM fact.published_value
    WHERE (indicator = 'online-dossier-share' AND part = 'numerator')
       OR indicator = 'online-dossiers'
    UNION ALL
    SELECT org_id, period, NULL, numerator, status, source
    FROM fact.index766_part
    WHERE part = 'dossiers by channel online'
)
SELECT
    org_id,
    period,
    breakdown,
    count,
    status,
    source
FROM online
ORDER BY org_id, period, coalesce(breakdown, '')
