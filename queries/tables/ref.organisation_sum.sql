-- Groups whose counts are those of all bodies of a level: one row per group and body of it.
SELECT grouped.org_id, body.org_id AS part_org_id
FROM ref.target_level AS grouped
JOIN ref.organisation AS body ON body.level = grouped.level
