-- title: Nothing is reported for districts after 30 June 2025
-- title_vi: Không có số liệu cấp huyện sau ngày 30/06/2025
-- severity: error
WITH sent AS (
    SELECT 'fact.work_file' AS table_name, agency_code, period
    FROM fact.work_file
    WHERE level = 'district'
    UNION ALL
    SELECT 'fact.result_stock', agency_code, period
    FROM fact.result_stock
    WHERE level = 'district'
)
SELECT
    sent.table_name,
    sent.agency_code,
    sent.period,
    'the period begins after the level ended' AS detail_en,
    'kỳ bắt đầu sau khi kết thúc cấp huyện' AS detail_vi
FROM sent
JOIN meta.period AS period ON period.period = sent.period
WHERE period.first_on > DATE '2025-06-30'
ORDER BY ALL
