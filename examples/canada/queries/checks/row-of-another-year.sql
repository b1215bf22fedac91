-- title: Rows of another fiscal year than the file is for
-- severity: warning
-- table: fact.inventory_service
-- They correct an earlier inventory that this project does not hold, and are left out of every indicator:
-- five services would not be the Government of Canada of 2022-2023.
SELECT
    fiscal_yr,
    owner_org,
    service_id,
    CAST(NULL AS VARCHAR) AS service_standard_id,
    'a service of ' || fiscal_yr || ' in the file for ' || inventory_year AS detail
FROM fact.inventory_service
WHERE fiscal_yr <> inventory_year
UNION ALL
SELECT
    fiscal_yr,
    owner_org,
    service_id,
    service_standard_id,
    'a standard of ' || fiscal_yr || ' in the file for ' || inventory_year
FROM fact.inventory_standard
WHERE fiscal_yr <> inventory_year
ORDER BY fiscal_yr, owner_org, service_id, service_standard_id
