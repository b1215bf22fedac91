-- kept: yes
-- Codes of organisations: one row per code system, code and span of validity. A code is not an identity: join on code and date.
-- agency            identifier code of QĐ 20/2020/QĐ-TTg (`H44`, `H44.100`)
-- agency-2016       the form of QCVN 102:2016 (`000.00.00.H44`), for ministries and provinces; that it is valid as long as the
--                   body itself is a convention: no day is known on which it ended, and both forms still occur together
-- gso-province, gso-district, gso-commune   statistical codes; seven of provinces and many of communes changed meaning on 1 July 2025
-- gso-commune-other the communes of today as a second public list codes them; 123 of the codes are others
-- iso3              states
-- name              names of ministries and provinces as they are written; provinces also without `Tỉnh` and `Thành phố`;
--                   spellings that a person decided upon. Loading compares them by what they write, not by how.
SELECT 'agency' AS code_system, code, org_id, valid_from, valid_to
FROM ref.agency_body
WHERE code IS NOT NULL
UNION ALL
SELECT 'agency', code, org_id, valid_from, valid_to
FROM ref.unit_body
UNION ALL
SELECT 'agency-2016', '000.00.00.' || code, org_id, valid_from, valid_to
FROM ref.agency_body
WHERE code IS NOT NULL
  AND level IN ('ministry', 'province')
UNION ALL
SELECT 'gso-province', gso_code, org_id, valid_from, valid_to
FROM ref.agency_body
WHERE gso_code IS NOT NULL
UNION ALL
SELECT 'gso-' || level, code, org_id, valid_from, valid_to
FROM ref.area
UNION ALL
SELECT 'gso-commune-other', coalesce(other_source_code, commune_code), 'C.' || commune_code, valid_from, valid_to
FROM ref.commune
UNION ALL
SELECT 'iso3', iso3, CASE iso3 WHEN 'VNM' THEN 'VN' ELSE iso3 END, NULL, NULL
FROM ref.country
UNION ALL
SELECT 'name', name_vi, org_id, valid_from, valid_to
FROM ref.agency_body
WHERE level IN ('ministry', 'province')
  AND org_id NOT IN (SELECT org_id FROM ref.dated_name)
UNION ALL
SELECT 'name', regexp_replace(name_vi, '^(Tỉnh|Thành phố) ', ''), org_id, valid_from, valid_to
FROM ref.agency_body
WHERE level = 'province'
  AND org_id NOT IN (SELECT org_id FROM ref.dated_name)
UNION ALL
-- A body whose name changed goes by each of its names as long as it lasts, with and without `Tỉnh` and `Thành phố`: a form of
-- these days may bear the former name still, or the next one already. A name of nobody is told by the rule on names.
SELECT 'name', written.name, body.org_id, body.valid_from, body.valid_to
FROM ref.agency_body AS body,
LATERAL (
    SELECT name_vi AS name FROM ref.dated_name WHERE org_id = body.org_id
    UNION
    SELECT regexp_replace(name_vi, '^(Tỉnh|Thành phố) ', '') FROM ref.dated_name WHERE org_id = body.org_id
) AS written
UNION ALL
SELECT 'name', s.spelling, b.org_id, b.valid_from, b.valid_to
FROM ref.organisation_spelling AS s
JOIN ref.agency_body AS b ON b.name_vi = s.name_vi
