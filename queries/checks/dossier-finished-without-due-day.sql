-- title: A finished dossier had a due day
-- title_vi: Hồ sơ đã xử lý xong phải có ngày hẹn trả
-- severity: error
-- threshold: 0.005
-- affects: dossiers-on-time, dossiers-resolved-early, dossiers-resolved-late
-- table: fact.dossier
-- Status 9 or 10 without NgayHenTra: one row per sender.
SELECT
    receiving_org_id AS org_id,
    count(*) FILTER (WHERE due_at IS NULL) AS broken,
    count(*) AS base
FROM fact.dossier
WHERE status IN (9, 10)
GROUP BY receiving_org_id
