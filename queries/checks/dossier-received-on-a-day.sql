-- title: A dossier that was received has a moment of receipt
-- title_vi: Hồ sơ đã tiếp nhận phải có thời điểm tiếp nhận
-- severity: error
-- threshold: 0.001
-- affects: dossiers-resolved, dossiers-resolved-early, dossiers-resolved-late, dossiers-on-time, dossiers-in-process, dossiers-in-process-overdue, dossiers-carried-over, dossiers-to-settle, dossiers-backlog-age, dossiers-mean-days, dossiers-median-days, dossiers-online-share, dossiers-in-person-postal, dossiers-full-process-share, procedures-resolved-online, named-services-e-results
-- table: fact.dossier
-- Any status but 1 without NgayTiepNhan: one row per sender. Such a dossier is in no number.
SELECT
    org_id,
    sum(received_never) AS broken,
    sum(dossiers) AS base
FROM fact.dossier_defect
GROUP BY org_id
