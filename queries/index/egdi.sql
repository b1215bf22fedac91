-- Parts of the E-Government Development Index: one row per scored state, edition and part.
-- Gives org_id, period, part, value, published, published_rank. The index itself is only compared with, never put in.
WITH part AS (
    SELECT org_id, period, 'egdi' AS part, NULL AS value, egdi AS published, rank AS published_rank FROM fact.country_score
    UNION ALL
    SELECT org_id, period, 'osi', osi, osi, NULL FROM fact.country_score
    UNION ALL
    SELECT org_id, period, 'tii', tii, tii, NULL FROM fact.country_score
    UNION ALL
    SELECT org_id, period, 'hci', hci, hci, NULL FROM fact.country_score
    UNION ALL
    SELECT org_id, period, part, value, NULL, NULL FROM fact.country_input
)
SELECT org_id, period, part, value, published, published_rank
FROM part
ORDER BY org_id, period, part
