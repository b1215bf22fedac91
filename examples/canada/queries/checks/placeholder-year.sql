-- title: Last review or improvement in 2005-2006 looks like a placeholder
-- severity: warning
-- table: fact.inventory_service
SELECT fiscal_yr, owner_org, service_id, 'last_service_review is 2005-2006' AS detail
FROM fact.inventory_service
WHERE last_service_review = '2005-2006'
UNION ALL
SELECT fiscal_yr, owner_org, service_id, 'last_service_improvement is 2005-2006'
FROM fact.inventory_service
WHERE last_service_improvement = '2005-2006'
ORDER BY fiscal_yr, owner_org, service_id, detail
