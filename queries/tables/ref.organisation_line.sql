-- kept: yes
-- What the lists say of organisations: one row per body and span of validity over which its name, its type and the body
-- above it are the same. `place` is the province of today: communes of one name in two provinces are different bodies.
SELECT
    body.org_id,
    body.level,
    coalesce(dated.type, body.type) AS type,
    coalesce(dated.name_vi, body.name_vi) AS name_vi,
    coalesce(dated.name_en, body.name_en) AS name_en,
    body.parent_id,
    '' AS place,
    coalesce(body.gso_code, body.code, body.org_id) AS sort_key,
    CASE WHEN dated.org_id IS NULL THEN body.valid_from ELSE dated.valid_from END AS valid_from,
    CASE WHEN dated.org_id IS NULL THEN body.valid_to ELSE dated.valid_to END AS valid_to
FROM ref.agency_body AS body
LEFT JOIN ref.dated_name AS dated ON dated.org_id = body.org_id
UNION ALL
SELECT org_id, level, type, name_vi, name_en, parent_id, province_code, code, valid_from, valid_to
FROM ref.area
UNION ALL
SELECT
    org_id,
    level,
    NULL,
    name_vi,
    coalesce(name_en, name_vi),
    parent_id,
    parent_id,
    lpad(split_part(code, '.', 2), 4, '0'),
    valid_from,
    valid_to
FROM ref.unit_body
WHERE level = 'province-unit'
UNION ALL
SELECT org_id, 'group', NULL, name_vi, name_en, parent_id, '', printf('%04d', sort_order), valid_from, valid_to
FROM ref.organisation_group
UNION ALL
SELECT
    c.iso3,
    'foreign-state',
    NULL,
    coalesce(n.name_vi, c.country),
    replace(c.country, ' (Country)', ''),
    'UN-MEMBERS',
    '',
    c.country,
    NULL,
    NULL
FROM ref.country AS c
LEFT JOIN ref.country_name AS n ON n.iso3 = c.iso3
WHERE c.iso3 <> 'VNM'
