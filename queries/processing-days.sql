-- Mean processing time: one row per unit, commune and province, and period.
-- Gives org_id, period, value, status, missing, source. The portal prints 0 days for a unit that received nothing.
WITH unit AS (
    SELECT
        org_id,
        period,
        CASE WHEN received > 0 THEN mean_days END AS value,
        status,
        CASE WHEN received = 0 THEN 'nothing-to-count' WHEN mean_days IS NULL THEN 'not-reported' END AS missing,
        source
    FROM fact.unit_progress
),
province AS (
    SELECT org_id, period, mean_days AS value, status, CAST(NULL AS VARCHAR) AS missing, source
    FROM fact.index766_part
    WHERE part = '2.1 on time'
      AND mean_days IS NOT NULL
)
SELECT org_id, period, value, status, missing, source FROM unit
UNION ALL
SELECT org_id, period, value, status, missing, source FROM province
ORDER BY org_id, period
