-- Requests closed on time, of those closed that have a due date.
-- One row per organisation and period: the city and its departments, the half year and its months.
-- Gives org_id, period, numerator, denominator.
SELECT
    CASE WHEN grouping(org_id) = 1 THEN 'boston' ELSE org_id END AS org_id,
    CASE WHEN grouping(month) = 1 THEN '2011-07-01/2011-12-31' ELSE month END AS period,
    count(*) FILTER (WHERE is_closed_on_time) AS numerator,
    count(*) FILTER (WHERE is_closed_with_target) AS denominator
FROM fact.dossier_timing
GROUP BY GROUPING SETS ((), (month), (org_id), (org_id, month))
ORDER BY org_id, period
