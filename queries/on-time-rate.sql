-- Dossiers on time: one row per unit, commune and province, and period.
-- Gives org_id, period, numerator, denominator, status, source.
SELECT
    org_id,
    period,
    on_time AS numerator,
    received AS denominator,
    status,
    source
FROM fact.progress
ORDER BY org_id, period
