-- National on-time rate as shown by the portal: one row per month.
-- Gives org_id, period, value, status, source.
SELECT
    org_id,
    period,
    on_time_pct AS value,
    status,
    source
FROM fact.national_month
ORDER BY org_id, period
