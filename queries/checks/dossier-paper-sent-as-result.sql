-- title: The result is not the file that was submitted
-- title_vi: Tệp kết quả không phải là tệp người dân đã nộp
-- severity: error
-- threshold: 0.005
-- affects: electronic-results, dossiers-full-process-share
-- table: fact.dossier
-- Electronic results whose file is one of the papers: one row per sender.
SELECT
    receiving_org_id AS org_id,
    count(*) FILTER (WHERE list_has_any(
        from_json(json_extract(CAST(results AS JSON), '$[*].DuongDanTepTinKetQua'), '["VARCHAR"]'),
        from_json(json_extract(CAST(papers AS JSON), '$[*].DuongDanTaiTepTin'), '["VARCHAR"]')
    )) AS broken,
    count(*) AS base
FROM fact.dossier
WHERE results IS NOT NULL
GROUP BY receiving_org_id
