-- Predecessors and successors: one row per body that ended and one that took over all or part of it.
-- A ministry that gave functions to several others went over in pieces whose shares are not known.
SELECT
    old.org_id AS old_org_id,
    new.org_id AS new_org_id,
    CASE x.kind WHEN 'keeps_name' THEN 'merged' ELSE x.kind END AS kind,
    CAST(1 AS DOUBLE) AS share,
    x.effective_date AS effective_on,
    x.legal_basis
FROM ref.province_crosswalk AS x
JOIN ref.agency_body AS old
    ON old.code = x.old_id_code AND coalesce(old.valid_to, DATE '9999-12-31') >= x.effective_date - 1
    AND coalesce(old.valid_from, DATE '0001-01-01') < x.effective_date
JOIN ref.agency_body AS new ON new.code = x.new_id_code AND new.valid_to IS NULL
WHERE old.org_id <> new.org_id
UNION ALL
SELECT
    old.org_id,
    new.org_id,
    CASE WHEN p.is_divided THEN 'part' ELSE 'merged' END AS kind,
    CASE WHEN p.is_divided THEN NULL ELSE 1 END AS share,
    x.effective_date,
    x.legal_basis
FROM ref.ministry_crosswalk AS x
JOIN (
    SELECT old_code, count(DISTINCT new_name) > 1 AS is_divided
    FROM ref.ministry_crosswalk
    GROUP BY old_code
) AS p ON p.old_code = x.old_code
JOIN ref.agency_body AS old ON old.code = x.old_code AND coalesce(old.valid_from, DATE '0001-01-01') < x.effective_date
JOIN ref.agency_body AS new
    ON new.level = 'ministry' AND new.valid_to IS NULL
    AND (new.code = x.new_code OR (x.new_code IS NULL AND new.name_vi = x.new_name))
WHERE old.org_id <> new.org_id
