-- kept: yes
-- Districts and communes: one row per line of their lists, which are those until 30 June 2025 and those since 1 July 2025.
-- The identity is the statistical code, with the last day where the body ended. A commune that passed unchanged from the
-- old map to the new one is one body with two lines, since the body above it became another.
-- `type` is the word that the name begins with; where the type in a list is another one, the check commune-types-agree says so.
WITH unchanged AS (
    SELECT old_commune_code, new_commune_code
    FROM ref.commune_crosswalk
    WHERE kind = 'unchanged'
),
line AS (
    SELECT
        'D.' || d.district_code || '@' || CAST(d.valid_to AS VARCHAR) AS org_id,
        'district' AS level,
        d.district_code AS code,
        -- One name in the list (859) has two blanks after its type.
        regexp_replace(d.name_vi, ' +', ' ', 'g') AS name_vi,
        p.org_id AS parent_id,
        x.new_gso_code AS province_code,
        CAST(NULL AS DATE) AS valid_from,
        d.valid_to
    FROM ref.district_legacy AS d
    LEFT JOIN ref.agency_body AS p
        ON p.gso_code = d.province_gso_code
        AND d.valid_to BETWEEN coalesce(p.valid_from, d.valid_to) AND coalesce(p.valid_to, d.valid_to)
    LEFT JOIN ref.province_crosswalk AS x ON x.old_gso_code = d.province_gso_code
    UNION ALL
    SELECT
        'C.' || coalesce(u.new_commune_code, c.commune_code || '@' || CAST(c.valid_to AS VARCHAR)),
        'commune',
        c.commune_code,
        c.name_vi,
        'D.' || c.district_code || '@' || CAST(c.valid_to AS VARCHAR),
        x.new_gso_code,
        NULL,
        c.valid_to
    FROM ref.commune_legacy AS c
    LEFT JOIN unchanged AS u ON u.old_commune_code = c.commune_code
    LEFT JOIN ref.province_crosswalk AS x ON x.old_gso_code = c.province_gso_code
    UNION ALL
    SELECT
        'C.' || c.commune_code,
        'commune',
        c.commune_code,
        c.name_vi,
        p.org_id,
        c.province_gso_code,
        c.valid_from,
        c.valid_to
    FROM ref.commune AS c
    LEFT JOIN ref.agency_body AS p
        ON p.gso_code = c.province_gso_code
        AND c.valid_from BETWEEN coalesce(p.valid_from, c.valid_from) AND coalesce(p.valid_to, c.valid_from)
)
SELECT
    line.org_id,
    line.level,
    type.type,
    line.code,
    line.name_vi,
    -- 'Xã Ba Vì' is 'Ba Vì commune', 'Phường 15' is 'Ward 15'.
    CASE
        WHEN type.type IS NULL THEN line.name_vi
        WHEN regexp_full_match(substr(line.name_vi, length(type.name_vi) + 2), '\d+')
            THEN upper(type.name_en[1]) || type.name_en[2:] || ' ' || substr(line.name_vi, length(type.name_vi) + 2)
        ELSE substr(line.name_vi, length(type.name_vi) + 2) || ' ' || type.name_en
    END AS name_en,
    line.parent_id,
    line.province_code,
    line.valid_from,
    line.valid_to
FROM line
LEFT JOIN ref.organisation_type AS type
    ON type.level = line.level
    AND starts_with(lower(line.name_vi), lower(type.name_vi) || ' ')
