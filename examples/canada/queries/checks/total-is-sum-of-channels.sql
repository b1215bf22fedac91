-- title: All applications are the sum of the seven channels
-- severity: error
-- table: fact.inventory_service
WITH service AS (
    SELECT
        fiscal_yr,
        owner_org,
        service_id,
        COALESCE(num_applications_by_phone, 0) + COALESCE(num_applications_online, 0)
            + COALESCE(num_applications_in_person, 0) + COALESCE(num_applications_by_mail, 0)
            + COALESCE(num_applications_by_email, 0) + COALESCE(num_applications_by_fax, 0)
            + COALESCE(num_applications_by_other, 0) AS parts,
        num_applications_total AS total
    FROM fact.inventory_service
)
SELECT
    fiscal_yr,
    owner_org,
    service_id,
    'total ' || COALESCE(CAST(total AS VARCHAR), 'missing') || ', channels ' || CAST(parts AS VARCHAR) AS detail
FROM service
WHERE total IS NULL OR total <> parts
ORDER BY fiscal_yr, owner_org, service_id
