-- title: A finished dossier had a due day
-- title_vi: Hồ sơ đã xử lý xong phải có ngày hẹn trả
-- severity: error
-- threshold: 0.005
-- affects: dossiers-on-time, dossiers-resolved-early, dossiers-resolved-late
-- table: fact.dossier
-- Status 9 or 10 without NgayHenTra: one row per sender.
SELECT
    org_id,
    sum(finished_without_due) AS broken,
    sum(finished) AS base
FROM fact.dossier_defect
GROUP BY org_id
