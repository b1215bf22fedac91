-- title: No numerator is above its denominator
-- severity: error
-- table: fact.index766_subindicator
SELECT
    agency_code,
    period,
    part,
    CAST(numerator AS VARCHAR) || ' of ' || CAST(denominator AS VARCHAR) AS detail
FROM fact.index766_subindicator
WHERE numerator > denominator
ORDER BY agency_code, period, part
