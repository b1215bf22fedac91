-- title: Every owner of a service or standard is one known organisation
-- severity: error
-- table: ref.organisation_spelling
-- A spelling without an organisation loses its services, one with two organisations counts them twice.
WITH owner AS (
    SELECT owner_org FROM fact.inventory_service
    UNION
    SELECT owner_org FROM fact.inventory_standard
)
SELECT
    owner_org,
    'stands for ' || CAST(count(org_id) AS VARCHAR) || ' organisations' AS detail
FROM owner
LEFT JOIN ref.organisation_of_name ON name = owner_org
GROUP BY owner_org
HAVING count(org_id) <> 1
ORDER BY owner_org
