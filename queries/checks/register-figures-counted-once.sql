-- title: No body sent what a body above it sent as well
-- title_vi: Không số liệu nào được cả đơn vị và cơ quan cấp trên gửi
-- severity: error
WITH sent AS (
    SELECT 'fact.inspection' AS table_name, org_id, period, '' AS level
    FROM fact.inspection
    UNION ALL
    SELECT 'fact.work_file', org_id, period, level
    FROM fact.work_file
    UNION ALL
    SELECT 'fact.result_stock', org_id, period, level
    FROM fact.result_stock
    UNION ALL
    SELECT 'fact.procedure_cut', org_id, period, ''
    FROM fact.procedure_cut
    UNION ALL
    SELECT 'fact.digitisation', org_id, period, ''
    FROM fact.digitisation
)
SELECT
    sent.table_name,
    sent.org_id,
    sent.period,
    sent.level,
    'also sent by ' || upper.org_id AS detail_en,
    upper.org_id || ' cũng đã gửi' AS detail_vi
FROM sent
JOIN ref.organisation_over AS over ON over.org_id = sent.org_id AND over.over_id <> sent.org_id
JOIN sent AS upper
    ON upper.org_id = over.over_id
    AND upper.table_name = sent.table_name
    AND upper.period = sent.period
    AND upper.level = sent.level
ORDER BY ALL
