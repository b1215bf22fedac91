-- title: No numerator is above its denominator
-- title_vi: Không tử số nào lớn hơn mẫu số
-- severity: error
-- table: fact.index766_subindicator
SELECT
    agency_code,
    period,
    part,
    CAST(numerator AS VARCHAR) || ' of ' || CAST(denominator AS VARCHAR) AS detail_en,
    CAST(numerator AS VARCHAR) || ' trên ' || CAST(denominator AS VARCHAR) AS detail_vi
FROM fact.index766_subindicator
WHERE numerator > denominator
ORDER BY agency_code, period, part
