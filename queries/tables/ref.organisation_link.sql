-- Predecessors and successors: one row per body that ended and one that took over all or part of it.
-- `share` is 1 where the whole body moved, so that its counts may be added to those of the successor; else it is not known.
SELECT
    old.org_id AS old_org_id,
    new.org_id AS new_org_id,
    x.kind,
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
    x.kind,
    -- A ministry that gave some functions to another one cannot be moved whole.
    CASE
        WHEN NOT EXISTS (SELECT 1 FROM ref.ministry_crosswalk AS part WHERE part.old_code = x.old_code AND part.new_name <> x.new_name)
            THEN CAST(1 AS DOUBLE)
    END AS share,
    x.effective_date,
    x.legal_basis
FROM ref.ministry_crosswalk AS x
JOIN ref.agency_body AS old ON old.code = x.old_code AND coalesce(old.valid_from, DATE '0001-01-01') < x.effective_date
JOIN ref.agency_body AS new
    ON new.level = 'ministry' AND new.valid_to IS NULL
    AND (new.code = x.new_code OR (x.new_code IS NULL AND new.name_vi = x.new_name))
WHERE old.org_id <> new.org_id
