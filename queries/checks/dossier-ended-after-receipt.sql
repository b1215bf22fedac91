-- title: A dossier did not end before it was received
-- title_vi: Hồ sơ không kết thúc trước khi được tiếp nhận
-- severity: warning
-- threshold: 0.001
-- affects: dossiers-resolved, dossiers-resolved-early, dossiers-resolved-late, dossiers-on-time, dossiers-mean-days, dossiers-median-days
-- table: fact.dossier
-- NgayKetThucXuLy, else NgayTra, else NgayTuChoi before NgayTiepNhan: one row per sender. It counts as ended on the day of receipt,
-- and its time is in no mean.
SELECT
    org_id,
    sum(ended_before) AS broken,
    sum(dossiers) AS base
FROM fact.dossier_defect
GROUP BY org_id
