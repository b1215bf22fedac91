-- title: What form II.06 carries over is what was in process at the end of the quarter before
-- title_vi: Số hồ sơ kỳ trước chuyển sang trong Biểu II.06 bằng số đang giải quyết cuối kỳ trước
-- severity: error
-- table: fact.report_form
WITH form AS (
    SELECT 'form' AS origin, org_id, period, level, field_name, carried_over, in_process
    FROM fact.report_form
    UNION ALL
    SELECT 'dossiers', org_id, period, level, coalesce(field_code, field_name), carried_over, in_process
    FROM fact.report_form_computed
),
sent AS (
    SELECT DISTINCT origin, org_id, period
    FROM form
),
-- What the form of a quarter must carry over, where the form of the quarter before was sent as well.
expected AS (
    SELECT former.origin, former.org_id, quarter.period, former.level, former.field_name, former.in_process
    FROM form AS former
    JOIN ref.report_quarter AS quarter ON quarter.former = former.period
    JOIN sent ON sent.origin = former.origin AND sent.org_id = former.org_id AND sent.period = quarter.period
),
carried AS (
    SELECT form.origin, form.org_id, form.period, form.level, form.field_name, form.carried_over
    FROM form
    JOIN ref.report_quarter AS quarter ON quarter.period = form.period
    JOIN sent ON sent.origin = form.origin AND sent.org_id = form.org_id AND sent.period = quarter.former
)
SELECT
    coalesce(expected.origin, carried.origin) AS origin,
    coalesce(expected.org_id, carried.org_id) AS org_id,
    coalesce(expected.period, carried.period) AS period,
    coalesce(expected.level, carried.level) AS level,
    coalesce(expected.field_name, carried.field_name) AS field_name,
    'column 6: ' || coalesce(CAST(carried.carried_over AS VARCHAR), 'nothing')
        || ', column 11 of the quarter before: ' || coalesce(CAST(expected.in_process AS VARCHAR), 'nothing') AS detail_en,
    'cột 6: ' || coalesce(CAST(carried.carried_over AS VARCHAR), 'trống')
        || ', cột 11 của quý trước: ' || coalesce(CAST(expected.in_process AS VARCHAR), 'trống') AS detail_vi
FROM expected
FULL JOIN carried
    ON carried.origin = expected.origin
    AND carried.org_id = expected.org_id
    AND carried.period = expected.period
    AND carried.level = expected.level
    AND carried.field_name = expected.field_name
WHERE carried.carried_over <> expected.in_process
   OR (carried.origin IS NULL AND expected.in_process > 0)
   OR (expected.origin IS NULL AND carried.carried_over > 0)
ORDER BY 1 DESC, 2, 3, 4, 5
