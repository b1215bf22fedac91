-- Whom a service is for: one row per service, fiscal year and code of the comma list `service_scope`.
SELECT DISTINCT
    fiscal_yr,
    owner_org,
    service_id,
    upper(trim(code)) AS scope
FROM fact.inventory_service, unnest(string_split(service_scope, ',')) AS part (code)
WHERE trim(code) <> ''
