-- Codes of organisations: one row per code system, code and span of validity. A code is not an identity: join on code and date.
SELECT 'agency' AS code_system, code, org_id, valid_from, valid_to
FROM ref.agency_body
WHERE code IS NOT NULL
UNION ALL
SELECT 'agency', code, org_id, NULL, NULL
FROM ref.agency_unit
UNION ALL
SELECT 'gso-province', gso_code, org_id, valid_from, valid_to
FROM ref.agency_body
WHERE gso_code IS NOT NULL
UNION ALL
SELECT 'gso-commune', gso_commune_code, org_id, DATE '2025-07-01', NULL
FROM ref.agency_unit
WHERE gso_commune_code IS NOT NULL
UNION ALL
SELECT 'iso3', iso3, CASE iso3 WHEN 'VNM' THEN 'VN' ELSE iso3 END, NULL, NULL
FROM ref.country
