-- kept: yes
-- Predecessors and successors: one row per body that ended, or gave something away, and one that took over all or part of it.
-- Bodies that went on unchanged have no row. The kind follows from who became what:
--   split, part  a piece of the old body, of its area or of its functions; the share of its counts is not known
--   renamed      the whole of it, and the new body was made of nothing else
--   absorbed     the whole of it, into a body that goes on under the name of another of its predecessors
--   merged       the whole of it, together with others, into a body that bears this one's name or a new one
-- Where the whole of a body moved (share 1), its counts may be added to those of the new one.
WITH crosswalk AS (
    SELECT
        'agency' AS old_system,
        old_id_code AS old_code,
        'agency' AS new_system,
        new_id_code AS new_code,
        CAST(NULL AS VARCHAR) AS piece,
        effective_date AS effective_on,
        legal_basis
    FROM ref.province_crosswalk
    UNION ALL
    -- A ministry with several successors gave each some functions; it moved whole to none of them.
    SELECT
        'agency',
        old_code,
        CASE WHEN new_code IS NULL THEN 'name' ELSE 'agency' END,
        coalesce(new_code, new_name),
        CASE WHEN count(*) OVER (PARTITION BY old_code) > 1 THEN 'part' END,
        effective_date,
        legal_basis
    FROM ref.ministry_crosswalk
    UNION ALL
    -- Five island districts had no communes; each became a special zone.
    SELECT
        CASE WHEN old_commune_code IS NULL THEN 'gso-district' ELSE 'gso-commune' END,
        coalesce(old_commune_code, old_district_code),
        'gso-commune',
        new_commune_code,
        CASE kind WHEN 'split' THEN 'split' END,
        effective_date,
        NULL
    FROM ref.commune_crosswalk
),
code AS (
    SELECT code_system, code, org_id, valid_from, valid_to
    FROM ref.organisation_code
    WHERE code_system <> 'name'
    UNION ALL
    -- Ministries whose code was not found.
    SELECT 'name', name_vi, org_id, valid_from, valid_to
    FROM ref.agency_body
    WHERE code IS NULL
),
pair AS (
    SELECT old.org_id AS old_org_id, new.org_id AS new_org_id, x.piece, x.effective_on, x.legal_basis
    FROM crosswalk AS x
    JOIN code AS old
        ON old.code_system = x.old_system
        AND old.code = x.old_code
        AND x.effective_on - 1 >= coalesce(old.valid_from, DATE '0001-01-01')
        AND x.effective_on - 1 <= coalesce(old.valid_to, DATE '9999-12-31')
    JOIN code AS new
        ON new.code_system = x.new_system
        AND new.code = x.new_code
        AND x.effective_on >= coalesce(new.valid_from, DATE '0001-01-01')
        AND x.effective_on <= coalesce(new.valid_to, DATE '9999-12-31')
    WHERE old.org_id <> new.org_id
),
-- Names without the word for their type, since a township became a commune; accents are not written the same way in all lists.
bare_name AS (
    SELECT DISTINCT
        line.org_id,
        strip_accents(lower(substr(line.name_vi, coalesce(length(type.name_vi) + 2, 1)))) AS name
    FROM ref.organisation_line AS line
    LEFT JOIN ref.organisation_type AS type ON type.level = line.level AND type.type = line.type
),
name_giver AS (
    SELECT DISTINCT pair.old_org_id, pair.new_org_id
    FROM pair
    JOIN bare_name AS old ON old.org_id = pair.old_org_id
    JOIN bare_name AS new ON new.org_id = pair.new_org_id AND new.name = old.name
)
SELECT
    pair.old_org_id,
    pair.new_org_id,
    CASE
        WHEN pair.piece IS NOT NULL THEN pair.piece
        WHEN count(*) OVER new_body = 1 THEN 'renamed'
        WHEN name_giver.old_org_id IS NULL AND count(name_giver.old_org_id) OVER new_body > 0 THEN 'absorbed'
        ELSE 'merged'
    END AS kind,
    CASE WHEN pair.piece IS NULL THEN CAST(1 AS DOUBLE) END AS share,
    pair.effective_on,
    pair.legal_basis
FROM pair
LEFT JOIN name_giver ON name_giver.old_org_id = pair.old_org_id AND name_giver.new_org_id = pair.new_org_id
WINDOW new_body AS (PARTITION BY pair.new_org_id)
