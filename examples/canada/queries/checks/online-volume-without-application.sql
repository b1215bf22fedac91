-- title: Online applications are reported, yet one cannot apply online
-- severity: warning
-- table: fact.inventory_service
SELECT
    fiscal_yr,
    owner_org,
    service_id,
    'online application ' || COALESCE(os_application, 'blank')
        || ', online applications ' || CAST(num_applications_online AS VARCHAR) AS detail
FROM fact.inventory_service
WHERE COALESCE(os_application, '') <> 'Y'
  AND num_applications_online > 0
ORDER BY fiscal_yr, owner_org, service_id
