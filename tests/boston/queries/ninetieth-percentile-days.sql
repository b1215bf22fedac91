-- Days from opening to closing, 90th percentile.
-- One row per organisation and period: the city and its departments, the half year and its months.
-- Gives org_id, period, value, missing.
SELECT
    CASE WHEN grouping(org_id) = 1 THEN 'boston' ELSE org_id END AS org_id,
    CASE WHEN grouping(month) = 1 THEN '2011-07-01/2011-12-31' ELSE month END AS period,
    percentile_cont(0.9) WITHIN GROUP (ORDER BY days) AS value,
    CASE WHEN count(days) = 0 THEN 'nothing-to-count' END AS missing
FROM fact.dossier_timing
GROUP BY GROUPING SETS ((), (month), (org_id), (org_id, month))
ORDER BY org_id, period
