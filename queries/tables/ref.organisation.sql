-- Organisations: one row per identity, past and present. Viet Nam and the member states of the United Nations are the two roots.
WITH organisation AS (
    SELECT org_id, name_vi, name_en, level, parent_id, valid_from, valid_to, coalesce(gso_code, code, org_id) AS sort_key
    FROM ref.agency_body
    UNION ALL
    SELECT org_id, name_vi, name_en, level, parent_id, NULL, NULL, printf('%04d', CAST(split_part(code, '.', 2) AS INTEGER))
    FROM ref.agency_unit
    UNION ALL
    SELECT org_id, name_vi, name_en, 'group', parent_id, valid_from, valid_to, printf('%04d', sort_order)
    FROM ref.organisation_group
    UNION ALL
    SELECT c.iso3, coalesce(n.name_vi, c.country), replace(c.country, ' (Country)', ''), 'foreign-state', 'UN-MEMBERS', NULL, NULL, c.country
    FROM ref.country AS c
    LEFT JOIN ref.country_name AS n ON n.iso3 = c.iso3
    WHERE c.iso3 <> 'VNM'
)
SELECT
    o.org_id,
    o.name_vi,
    o.name_en,
    o.level,
    o.parent_id,
    o.valid_from,
    o.valid_to,
    -- Bodies of today first, then those that ended; provinces in the order of the statistical code.
    CAST(row_number() OVER (
        PARTITION BY o.parent_id
        ORDER BY l.position, o.valid_to IS NOT NULL, o.sort_key, o.org_id
    ) AS INTEGER) AS position
FROM organisation AS o
LEFT JOIN ref.level AS l ON l.level = o.level
