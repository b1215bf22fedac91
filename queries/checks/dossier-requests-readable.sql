-- title: Moments of requests for papers can be read
-- title_vi: Thời điểm yêu cầu bổ sung giấy tờ đọc được
-- severity: error
-- threshold: 0.001
-- affects: dossiers-on-time, dossiers-resolved-early, dossiers-resolved-late, dossiers-in-process-overdue
-- table: fact.dossier
-- A moment within DanhSachHoSoBoSung in no form that is known: one row per settling body. The clock of such a dossier does not stop.
SELECT
    org_id,
    count(*) FILTER (WHERE has_unread_request) AS broken,
    count(*) AS base
FROM fact.dossier_case
WHERE requests > 0
GROUP BY org_id
