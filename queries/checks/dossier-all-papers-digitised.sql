-- title: Not every attachment counts as digitised
-- title_vi: Không phải mọi tệp đính kèm đều là giấy tờ số hóa
-- severity: warning
-- threshold: 0.999
-- affects: digitised-dossiers
-- table: fact.dossier
-- Dossiers with a digitised part; all of at least 30 means that any attachment counts: one row per sender.
WITH counted AS (
    SELECT org_id, sum(papers_digitised) AS digitised, sum(papers) AS base
    FROM fact.dossier_defect
    GROUP BY org_id
)
SELECT org_id, CASE WHEN digitised = base AND base >= 30 THEN base ELSE 0 END AS broken, base
FROM counted
