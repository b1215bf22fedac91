-- title: A dossier whose last step is a wait or a stop is not sent as finished
-- title_vi: Hồ sơ có bước cuối là chờ hoặc dừng thì không gửi là đã xử lý xong
-- severity: error
-- threshold: 0.001
-- affects: dossiers-resolved, dossiers-resolved-early, dossiers-resolved-late, dossiers-on-time, dossiers-in-process, dossiers-in-process-overdue, dossiers-carried-over, dossiers-backlog-age, dossiers-mean-days, dossiers-median-days
-- table: fact.dossier
-- Status 9 or 10 of a dossier whose process log ends with 5, 6 or 8: one row per sender.
WITH last_step AS (
    SELECT dossier_code, arg_max(status, handled_at) AS status
    FROM fact.dossier_step
    GROUP BY dossier_code
)
SELECT
    d.receiving_org_id AS org_id,
    count(*) FILTER (WHERE d.status IN (9, 10) AND s.status IN (5, 6, 8)) AS broken,
    count(*) AS base
FROM fact.dossier AS d
LEFT JOIN last_step AS s ON s.dossier_code = d.dossier_code
GROUP BY d.receiving_org_id
