-- title: What is reported at a level is of a body at or above it
-- title_vi: Số liệu của một cấp do cơ quan cấp đó hoặc cấp trên gửi
-- severity: error
-- marks: org_id, period
-- A province may report what its communes did, not what ministries do; such a row would be in the sum of the other level.
WITH sent AS (
    SELECT 'fact.work_file' AS table_name, CAST(org_id AS VARCHAR) AS org_id, period, level, 'work-files-online' AS indicator
    FROM fact.work_file
    UNION ALL
    SELECT 'fact.result_stock', CAST(org_id AS VARCHAR), period, level, unnest(['results-digitised', 'results-with-personal-id'])
    FROM fact.result_stock
),
-- Ministries have no provinces below them.
held AS (
    SELECT *
    FROM (VALUES
        ('ministry', 'ministry'),
        ('province', 'province'),
        ('province-unit', 'province'),
        ('province', 'district'),
        ('district', 'district'),
        ('province', 'commune'),
        ('district', 'commune'),
        ('commune', 'commune')
    ) AS held (body_level, level)
)
SELECT
    sent.table_name,
    sent.org_id,
    sent.period,
    sent.level,
    sent.indicator,
    'the body is of level ' || body.level AS detail_en,
    'cơ quan này thuộc cấp ' || body.level AS detail_vi
FROM sent
JOIN ref.organisation AS body ON body.org_id = sent.org_id
ANTI JOIN held ON held.body_level = CAST(body.level AS VARCHAR) AND held.level = sent.level
ORDER BY ALL
