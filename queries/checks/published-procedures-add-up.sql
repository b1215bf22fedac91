-- title: Full-process, partly online and offline procedures add up to the base of the published share
-- title_vi: Thủ tục toàn trình, một phần và chưa trực tuyến cộng lại bằng mẫu số của tỷ lệ công bố
-- severity: error
-- table: fact.published_figure
WITH expected AS (
    -- The portal printed 24.36 % beside the 390 full-process procedures of this period.
    SELECT 'VN' AS org_id, '2026-01-01/2026-09-17' AS period, 1601 AS procedures, 24.36 AS full_process_share
),
found AS (
    SELECT
        org_id,
        period,
        max(value) FILTER (WHERE breakdown = 'full') AS full_process,
        sum(value) AS procedures
    FROM fact.published_value
    WHERE indicator = 'full-process-service-rate'
    GROUP BY org_id, period
)
SELECT
    expected.org_id,
    expected.period,
    'expected ' || CAST(expected.procedures AS VARCHAR) || ' procedures and ' || CAST(expected.full_process_share AS VARCHAR)
        || ' %, found ' || coalesce(CAST(found.procedures AS VARCHAR), 'none') AS detail_en,
    'phải có ' || CAST(expected.procedures AS VARCHAR) || ' thủ tục và ' || CAST(expected.full_process_share AS VARCHAR)
        || ' %, tìm thấy ' || coalesce(CAST(found.procedures AS VARCHAR), 'không có') AS detail_vi
FROM expected
LEFT JOIN found
    ON found.org_id = expected.org_id
    AND found.period = expected.period
WHERE found.procedures IS NULL
   OR found.procedures <> expected.procedures
   OR abs(100.0 * found.full_process / found.procedures - expected.full_process_share) > 0.00501
ORDER BY expected.org_id
