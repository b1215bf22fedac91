-- Milestones of targets: one row per target and earlier target of the same document for the same thing and level.
SELECT
    later.target_id,
    earlier.due_on,
    earlier.value
FROM ref.target AS later
JOIN ref.target AS earlier
    ON earlier.legal_basis_vi = later.legal_basis_vi
    AND earlier.title_vi = later.title_vi
    AND earlier.level = later.level
    AND earlier.comparator = later.comparator
    AND earlier.due_on < later.due_on
