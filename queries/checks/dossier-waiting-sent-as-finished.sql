-- title: A dossier whose last step is a wait or a stop is not sent as finished
-- title_vi: Hồ sơ có bước cuối là chờ hoặc dừng thì không gửi là đã xử lý xong
-- severity: error
-- threshold: 0.001
-- affects: dossiers-resolved, dossiers-resolved-early, dossiers-resolved-late, dossiers-on-time, dossiers-in-process, dossiers-in-process-overdue, dossiers-carried-over, dossiers-to-settle, dossiers-backlog-age, dossiers-mean-days, dossiers-median-days, dossiers-full-process-share, procedures-resolved-online, named-services-e-results
-- table: fact.dossier
-- Status 9 or 10 of a dossier whose process log ends with 5, 6 or 8: one row per sender.
WITH waiting AS (
    SELECT dossier_code
    FROM fact.dossier_step
    GROUP BY dossier_code
    HAVING arg_max(status, handled_at) IN (5, 6, 8)
),
finished AS (
    SELECT receiving_org_id AS org_id, count(*) AS broken
    FROM fact.dossier
    SEMI JOIN waiting USING (dossier_code)
    WHERE status IN (9, 10)
    GROUP BY receiving_org_id
),
sent AS (
    SELECT org_id, sum(dossiers) AS base
    FROM fact.dossier_defect
    GROUP BY org_id
)
SELECT sent.org_id, coalesce(finished.broken, 0) AS broken, sent.base
FROM sent
LEFT JOIN finished ON finished.org_id IS NOT DISTINCT FROM sent.org_id
