-- title: What a body sent does not hold again what its units sent
-- title_vi: Số liệu của cơ quan cấp trên không cộng lại số liệu mà đơn vị đã gửi
-- severity: warning
-- A body and its units may both send, each its own. Where the body sent as much as its units together or more, these may be in it.
WITH sent AS (
    SELECT 'fact.inspection' AS table_name, org_id, period, '' AS level, inspections AS number
    FROM fact.inspection
    UNION ALL
    SELECT 'fact.work_file', org_id, period, level, opened
    FROM fact.work_file
    UNION ALL
    SELECT 'fact.result_stock', org_id, period, level, in_force
    FROM fact.result_stock
    UNION ALL
    SELECT 'fact.procedure_cut', org_id, period, '', at_start
    FROM fact.procedure_cut
    UNION ALL
    SELECT 'fact.digitisation', org_id, period, '', coalesce(dossiers, 0) + coalesce(results, 0)
    FROM fact.digitisation
),
below AS (
    SELECT over.over_id AS org_id, sent.table_name, sent.period, sent.level, CAST(sum(sent.number) AS BIGINT) AS number
    FROM sent
    JOIN ref.organisation_over AS over ON over.org_id = sent.org_id AND over.over_id <> sent.org_id
    GROUP BY ALL
)
SELECT
    sent.table_name,
    CAST(sent.org_id AS VARCHAR) AS org_id,
    sent.period,
    sent.level,
    'sent ' || CAST(sent.number AS VARCHAR) || ', its units ' || CAST(below.number AS VARCHAR) || ': are these in it?' AS detail_en,
    'cơ quan gửi ' || CAST(sent.number AS VARCHAR) || ', các đơn vị gửi ' || CAST(below.number AS VARCHAR)
        || ': có cộng lại không?' AS detail_vi
FROM sent
JOIN below
    ON below.org_id = sent.org_id
    AND below.table_name = sent.table_name
    AND below.period = sent.period
    AND below.level = sent.level
WHERE below.number > 0
  AND sent.number >= below.number
ORDER BY ALL
