-- title: Every standard belongs to a service of the same year
-- severity: warning
-- table: fact.inventory_standard
SELECT
    standard.fiscal_yr,
    standard.owner_org,
    standard.service_id,
    standard.service_standard_id,
    'no such service in the inventory' AS detail
FROM fact.inventory_standard AS standard
LEFT JOIN fact.inventory_service AS service
    ON service.fiscal_yr = standard.fiscal_yr
    AND service.owner_org = standard.owner_org
    AND service.service_id = standard.service_id
WHERE service.service_id IS NULL
ORDER BY standard.fiscal_yr, standard.owner_org, standard.service_id, standard.service_standard_id
