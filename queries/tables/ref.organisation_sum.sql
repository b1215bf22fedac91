-- Groups whose counts are those of all bodies of a level: one row per group and body of it. The country is a level by itself, and
-- no group: its counts are those of the bodies below it.
SELECT grouped.org_id, body.org_id AS part_org_id
FROM ref.target_level AS grouped
JOIN ref.organisation AS body ON body.level = grouped.level
WHERE body.org_id <> grouped.org_id
