-- The E-Government Development Index: one row per scored state, edition, and total or sub-index.
-- Gives org_id, period, breakdown, value, status, source.
WITH score AS (
    SELECT org_id, period, CAST(NULL AS VARCHAR) AS breakdown, egdi AS value, 'A' AS status, source FROM fact.country_score
    UNION ALL
    SELECT org_id, period, 'osi', osi, 'A', source FROM fact.country_score
    UNION ALL
    SELECT org_id, period, 'tii', tii, 'A', source FROM fact.country_score
    UNION ALL
    SELECT org_id, period, 'hci', hci, 'A', source FROM fact.country_score
    UNION ALL
    SELECT org_id, period, breakdown, value, status, source
    FROM fact.published_value
    WHERE indicator = 'egdi-score'
)
SELECT
    org_id,
    period,
    breakdown,
    value,
    status,
    source
FROM score
ORDER BY org_id, period, coalesce(breakdown, '')
