-- title: In what agencies sent, a part is not more than its whole
-- title_vi: Trong số liệu cơ quan gửi, phần không lớn hơn tổng
-- severity: error
WITH figure AS (
    SELECT 'fact.inspection' AS table_name, agency_code AS sender, period, 'remote' AS part, remote AS smaller,
        inspections AS larger
    FROM fact.inspection
    UNION ALL
    SELECT 'fact.work_file', agency_code, period, 'secret', secret, opened
    FROM fact.work_file
    UNION ALL
    SELECT 'fact.work_file', agency_code, period, 'processed_online', processed_online, opened - secret
    FROM fact.work_file
    UNION ALL
    SELECT 'fact.result_stock', agency_code, period, 'digitised', digitised, in_force
    FROM fact.result_stock
    UNION ALL
    SELECT 'fact.result_stock', agency_code, period, 'with_personal_id', with_personal_id, personal
    FROM fact.result_stock
    UNION ALL
    SELECT 'fact.procedure_cut', agency_code, period, 'cut', cut, at_start
    FROM fact.procedure_cut
    UNION ALL
    SELECT 'fact.digitisation', agency_code, period, 'dossiers_digitised', dossiers_digitised, dossiers
    FROM fact.digitisation
    UNION ALL
    SELECT 'fact.digitisation', agency_code, period, 'results_digitised', results_digitised, results
    FROM fact.digitisation
    UNION ALL
    SELECT 'fact.digitisation', agency_code, period, 'data_reused', data_reused, data_digitised
    FROM fact.digitisation
    UNION ALL
    SELECT 'fact.portal_account', NULL, part.period, part.kind, part.count, whole.count
    FROM fact.portal_account AS part
    JOIN fact.portal_account AS whole
        ON whole.period = part.period
        AND (part.kind, whole.kind) IN (
            ('identified-users', 'full-process-users'), ('adult-users', 'adults'), ('users', 'people-and-firms')
        )
)
SELECT
    table_name,
    sender,
    period,
    part,
    CAST(smaller AS VARCHAR) || ' of ' || CAST(larger AS VARCHAR) AS detail_en,
    CAST(smaller AS VARCHAR) || ' trên ' || CAST(larger AS VARCHAR) AS detail_vi
FROM figure
WHERE smaller > larger
ORDER BY ALL
