-- title: In what agencies sent, a part is not more than its whole
-- title_vi: Trong số liệu cơ quan gửi, phần không lớn hơn tổng
-- severity: error
-- marks: org_id, period
WITH figure AS (
    SELECT 'inspections-remote' AS indicator, 'fact.inspection' AS table_name, CAST(org_id AS VARCHAR) AS org_id, period,
        'remote' AS part, remote AS smaller, inspections AS larger
    FROM fact.inspection
    UNION ALL
    SELECT 'work-files-online', 'fact.work_file', CAST(org_id AS VARCHAR), period, 'secret', secret, opened
    FROM fact.work_file
    UNION ALL
    SELECT 'work-files-online', 'fact.work_file', CAST(org_id AS VARCHAR), period, 'processed_online', processed_online,
        opened - secret
    FROM fact.work_file
    UNION ALL
    SELECT 'results-digitised', 'fact.result_stock', CAST(org_id AS VARCHAR), period, 'digitised', digitised, in_force
    FROM fact.result_stock
    UNION ALL
    SELECT 'results-with-personal-id', 'fact.result_stock', CAST(org_id AS VARCHAR), period, 'with_personal_id',
        with_personal_id, personal
    FROM fact.result_stock
    UNION ALL
    SELECT 'procedures-cut', 'fact.procedure_cut', CAST(org_id AS VARCHAR), period, 'cut', cut, at_start
    FROM fact.procedure_cut
    UNION ALL
    SELECT 'dossiers-and-results-digitised', 'fact.digitisation', CAST(org_id AS VARCHAR), period, 'dossiers_digitised',
        dossiers_digitised, dossiers
    FROM fact.digitisation
    UNION ALL
    SELECT 'dossiers-and-results-digitised', 'fact.digitisation', CAST(org_id AS VARCHAR), period, 'results_digitised',
        results_digitised, results
    FROM fact.digitisation
    UNION ALL
    SELECT 'digitised-data-reused', 'fact.digitisation', CAST(org_id AS VARCHAR), period, 'data_reused', data_reused,
        data_digitised
    FROM fact.digitisation
    UNION ALL
    SELECT kinds.indicator, 'fact.portal_account', 'VN', part.period, part.kind, part.count, whole.count
    FROM (VALUES
        ('full-process-users-identified', 'identified-users', 'full-process-users'),
        ('adults-using-services', 'adult-users', 'adults'),
        ('people-and-firms-using-services', 'users', 'people-and-firms')
    ) AS kinds (indicator, part, whole)
    JOIN fact.portal_account AS part ON part.kind = kinds.part
    JOIN fact.portal_account AS whole ON whole.kind = kinds.whole AND whole.period = part.period
)
SELECT
    table_name,
    org_id,
    period,
    indicator,
    part,
    CAST(smaller AS VARCHAR) || ' of ' || CAST(larger AS VARCHAR) AS detail_en,
    CAST(smaller AS VARCHAR) || ' trên ' || CAST(larger AS VARCHAR) AS detail_vi
FROM figure
WHERE smaller > larger
ORDER BY ALL
