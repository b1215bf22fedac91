-- title: The result is not the file that was submitted
-- title_vi: Tệp kết quả không phải là tệp người dân đã nộp
-- severity: error
-- threshold: 0.005
-- affects: electronic-results, dossiers-full-process-share, named-services-e-results
-- table: fact.dossier
-- Electronic results whose file is one of the papers: one row per sender.
SELECT
    org_id,
    sum(results_of_papers) AS broken,
    sum(results) AS base
FROM fact.dossier_defect
GROUP BY org_id
