-- kept: yes
-- Organisations: one row per identity, past and present. Viet Nam and the member states of the United Nations are the two roots.
-- Name, type and parent are the last ones the body had; the earlier ones are in ref.organisation_name and ref.organisation_parent.
WITH line AS MATERIALIZED (
    SELECT *
    FROM ref.organisation_line
),
body AS (
    SELECT
        org_id,
        level,
        unnest(arg_max(
            struct_pack(type, name_vi, name_en, parent_id, place, sort_key),
            coalesce(valid_to, DATE '9999-12-31')
        )),
        CASE WHEN count(valid_from) = count(*) THEN min(valid_from) END AS valid_from,
        CASE WHEN count(valid_to) = count(*) THEN max(valid_to) END AS valid_to
    FROM line
    GROUP BY org_id, level
),
name_of_today AS (
    SELECT DISTINCT line.level, line.place, line.name_vi
    FROM line
    JOIN body ON body.org_id = line.org_id
    WHERE body.valid_to IS NULL
)
SELECT
    o.org_id,
    -- A body of today bears or bore the same name, so that of the one that ended needs its last day as well.
    o.name_vi || CASE WHEN taken.name_vi IS NULL THEN '' ELSE ' (đến ' || strftime(o.valid_to, '%d/%m/%Y') || ')' END AS name_vi,
    o.name_en || CASE WHEN taken.name_vi IS NULL THEN '' ELSE ' (until ' || strftime(o.valid_to, '%-d %B %Y') || ')' END AS name_en,
    o.level,
    o.type,
    o.parent_id,
    o.valid_from,
    o.valid_to,
    -- Bodies of today first, then those that ended; provinces in the order of the statistical code.
    CAST(row_number() OVER (
        PARTITION BY o.parent_id
        ORDER BY l.position, o.valid_to IS NOT NULL, o.sort_key, o.org_id
    ) AS INTEGER) AS position
FROM body AS o
LEFT JOIN name_of_today AS taken
    ON taken.level = o.level
    AND taken.place = o.place
    AND taken.name_vi = CASE WHEN o.valid_to IS NOT NULL THEN o.name_vi END
LEFT JOIN ref.level AS l ON l.level = o.level
