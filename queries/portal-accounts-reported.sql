-- Accounts of the national portal by kind: one row for the country, each period and kind, and their sum where both are known.
-- Gives org_id, period, breakdown, count.
WITH account AS (
    SELECT period, kind, count
    FROM fact.portal_account
    WHERE kind IN ('citizen-accounts', 'business-accounts')
)
SELECT 'VN' AS org_id, period, NULL AS breakdown, CAST(sum(count) AS BIGINT) AS count
FROM account
GROUP BY period
HAVING count(*) = 2
UNION ALL
SELECT 'VN', period, kind, count
FROM account
ORDER BY period, breakdown NULLS FIRST
