-- Mean national score of the 766 index by month: one row per month.
-- Gives org_id, period, value, status, source.
SELECT
    org_id,
    period,
    average_total_score AS value,
    status,
    source
FROM fact.national_month
ORDER BY org_id, period
