-- title: One can apply online, yet no online application is reported
-- severity: warning
-- table: fact.inventory_service
SELECT
    fiscal_yr,
    owner_org,
    service_id,
    'online application Y, online applications '
        || COALESCE(CAST(num_applications_online AS VARCHAR), num_applications_online_missing, 'blank') AS detail
FROM fact.inventory_service
WHERE os_application = 'Y'
  AND COALESCE(num_applications_online, 0) = 0
ORDER BY fiscal_yr, owner_org, service_id
