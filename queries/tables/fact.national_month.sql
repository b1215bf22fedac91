-- The 766 index of the nation by month: one row per month. A month that was open when captured is provisional.
SELECT
    'VN' AS org_id,
    month AS period,
    on_time_pct,
    average_total_score,
    CASE WHEN note LIKE 'open month%' THEN 'P' ELSE 'A' END AS status,
    'dichvucong.gov.vn 2026-09, 2026-10' AS source
FROM fact.index766_month
