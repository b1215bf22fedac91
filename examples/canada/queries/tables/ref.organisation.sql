-- The Government of Canada and the organisations that answer for a service in the inventory.
-- The register gives a first year only, so the spans of validity stay open.
WITH owner AS (
    SELECT DISTINCT org_id
    FROM fact.inventory_service
    JOIN ref.organisation_of_name ON name = owner_org
),
department AS (
    SELECT org_id, coalesce(title_en, org_id) AS name
    FROM owner
    LEFT JOIN ref.organisation_title USING (org_id)
)
SELECT
    'CA' AS org_id,
    'Government of Canada' AS name_vi,
    'Government of Canada' AS name_en,
    'government' AS level,
    CAST(NULL AS VARCHAR) AS parent_id,
    CAST(NULL AS DATE) AS valid_from,
    CAST(NULL AS DATE) AS valid_to,
    1 AS position
UNION ALL
SELECT
    org_id,
    name,
    name,
    'department',
    'CA',
    NULL,
    NULL,
    CAST(row_number() OVER (ORDER BY name, org_id) AS INTEGER)
FROM department
