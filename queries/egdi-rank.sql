-- Rank in the E-Government Development Index: one row per scored state and edition.
-- Gives org_id, period, value, status, source.
SELECT org_id, period, rank AS value, 'A' AS status, source
FROM fact.country_score
UNION ALL
SELECT org_id, period, value, status, source
FROM fact.published_value
WHERE indicator = 'egdi-rank'
ORDER BY org_id, period
