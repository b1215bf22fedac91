-- title: The settling agency of every dossier is known
-- title_vi: Mọi hồ sơ đều xác định được cơ quan giải quyết
-- severity: warning
-- table: fact.dossier
SELECT
    unknown_code AS code,
    count(*) AS dossiers,
    'dossiers that count for no agency and in no sum: ' || CAST(count(*) AS VARCHAR) AS detail_en,
    'số hồ sơ không tính cho cơ quan nào và không vào tổng nào: ' || CAST(count(*) AS VARCHAR) AS detail_vi
FROM fact.dossier_case
WHERE org_id IS NULL
GROUP BY unknown_code
ORDER BY dossiers DESC, code
