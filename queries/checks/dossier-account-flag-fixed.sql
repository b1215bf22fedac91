-- title: The flag of the authenticated account is not always 0
-- title_vi: Cờ tài khoản được xác thực không luôn bằng 0
-- severity: warning
-- threshold: 0.999
-- affects: population-data-dossiers
-- table: fact.dossier
-- Online dossiers without an authenticated account; all of at least 30 means that the flag is fixed: one row per sender.
WITH counted AS (
    SELECT org_id, sum(accounts_unverified) AS unverified, sum(accounts) AS base
    FROM fact.dossier_defect
    GROUP BY org_id
)
SELECT org_id, CASE WHEN unverified = base AND base >= 30 THEN base ELSE 0 END AS broken, base
FROM counted
