-- The 766 index of the nation by month: one row per month. A month that was open when captured is provisional.
SELECT
    'VN' AS org_id,
    month AS period,
    on_time_pct,
    average_total_score,
    CASE WHEN note LIKE 'open month%' THEN 'P' ELSE 'A' END AS status,
    'dichvucong.gov.vn, as captured in September and October 2026' AS source
FROM fact.index766_month
