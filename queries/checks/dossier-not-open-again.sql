-- title: A dossier that had ended is not open again
-- title_vi: Hồ sơ đã kết thúc không mở lại
-- severity: warning
-- threshold: 0.001
-- affects: dossiers-resolved, dossiers-resolved-early, dossiers-resolved-late, dossiers-on-time, dossiers-in-process, dossiers-in-process-overdue, dossiers-carried-over, dossiers-to-settle, dossiers-backlog-age
-- table: fact.dossier
-- The state that was delivered last has no end, one that was delivered before has: one row per sender. So it is where an older
-- month is sent again after the later ones. Codes that do not say whose they are may be of two dossiers, and are left out.
WITH again AS (
    SELECT receiving_org_id AS org_id, count(DISTINCT dossier_code) AS broken
    FROM fact.dossier
    SEMI JOIN (
        SELECT dossier_code
        FROM fact.dossier_case
        WHERE is_open_again
          AND (dossier_code >= 'A' OR regexp_matches(dossier_code, '[A-Z]'))
    ) AS open USING (dossier_code)
    WHERE coalesce(finished_at, returned_at, refused_at) IS NOT NULL
    GROUP BY receiving_org_id
),
sent AS (
    SELECT org_id, sum(dossiers) AS base
    FROM fact.dossier_defect
    GROUP BY org_id
)
SELECT sent.org_id, coalesce(again.broken, 0) AS broken, sent.base
FROM sent
LEFT JOIN again ON again.org_id IS NOT DISTINCT FROM sent.org_id
