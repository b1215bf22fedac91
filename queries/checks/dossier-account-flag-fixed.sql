-- title: The flag of the authenticated account is not always 0
-- title_vi: Cờ tài khoản được xác thực không luôn bằng 0
-- severity: warning
-- threshold: 0.999
-- affects: population-data-dossiers
-- table: fact.dossier
-- Online dossiers without an authenticated account; all of at least 30 means that the flag is fixed: one row per sender.
WITH online AS (
    SELECT
        receiving_org_id AS org_id,
        count(*) FILTER (WHERE account_verified = 0) AS unverified,
        count(*) FILTER (WHERE account_verified IS NOT NULL) AS base
    FROM fact.dossier
    WHERE channel = 2
    GROUP BY receiving_org_id
)
SELECT org_id, CASE WHEN unverified = base AND base >= 30 THEN base ELSE 0 END AS broken, base
FROM online
