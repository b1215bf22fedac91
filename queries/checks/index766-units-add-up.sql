-- title: The units of a province add up to what the portal shows for the province
-- title_vi: Các đơn vị của một tỉnh cộng lại bằng số Cổng ghi cho tỉnh
-- severity: error
-- table: fact.index766_unit
-- marks: org_id, period
-- affects: dossiers-received, on-time-rate, index766-progress
WITH unit AS (
    SELECT
        parent_code,
        CAST(any_value(province_id) AS VARCHAR) AS org_id,
        period,
        captured_on,
        count(*) AS n_units,
        sum(received) AS received,
        sum(on_time) AS on_time
    FROM fact.index766_unit
    GROUP BY parent_code, period, captured_on
)
SELECT
    unit.org_id,
    unit.period,
    unit.captured_on,
    'received: units ' || CAST(unit.received AS VARCHAR) || ', province ' || CAST(province.denominator AS VARCHAR)
        || '; on time: units ' || CAST(unit.on_time AS VARCHAR) || ', province ' || CAST(province.numerator AS VARCHAR) AS detail_en,
    'tiếp nhận: các đơn vị ' || CAST(unit.received AS VARCHAR) || ', tỉnh ' || CAST(province.denominator AS VARCHAR)
        || '; đúng hạn: các đơn vị ' || CAST(unit.on_time AS VARCHAR) || ', tỉnh ' || CAST(province.numerator AS VARCHAR) AS detail_vi
FROM unit
JOIN fact.index766_subindicator AS province
    ON province.agency_code = unit.parent_code
    AND province.period = unit.period
    AND province.captured_on = unit.captured_on
    AND province.part = '2.1 on time'
WHERE unit.received <> province.denominator
   OR unit.on_time <> province.numerator
ORDER BY unit.org_id, unit.period
