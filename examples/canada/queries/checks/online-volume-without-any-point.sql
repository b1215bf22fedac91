-- title: Online applications are reported, yet all six interaction points are not applicable
-- severity: warning
-- table: fact.inventory_service
SELECT
    fiscal_yr,
    owner_org,
    service_id,
    'six points NA, online applications ' || CAST(num_applications_online AS VARCHAR) AS detail
FROM fact.inventory_service
WHERE os_account_registration = 'NA'
  AND os_authentication = 'NA'
  AND os_application = 'NA'
  AND os_decision = 'NA'
  AND os_issuance = 'NA'
  AND os_issue_resolution_feedback = 'NA'
  AND num_applications_online > 0
ORDER BY fiscal_yr, owner_org, service_id
