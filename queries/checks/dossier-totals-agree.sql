-- title: The totals of dossiers of one province and period agree across the pages of the portal
-- title_vi: Tổng số hồ sơ của cùng một tỉnh và kỳ khớp nhau giữa các trang của Cổng
-- severity: warning
-- table: fact.index766_subindicator
WITH total AS (
    SELECT
        agency_code,
        period,
        captured_on,
        CASE part
            WHEN '2.1 on time' THEN 'progress'
            WHEN 'dossiers by channel online' THEN 'channels'
            WHEN '1.4 dossiers synced' THEN 'synchronised'
            WHEN '4.1 e-results' THEN 'results'
        END AS page,
        CASE part
            WHEN '2.1 on time' THEN 'tiến độ'
            WHEN 'dossiers by channel online' THEN 'theo kênh'
            WHEN '1.4 dossiers synced' THEN 'đồng bộ'
            WHEN '4.1 e-results' THEN 'kết quả'
        END AS page_vi,
        denominator AS dossiers
    FROM fact.index766_subindicator
    WHERE part IN ('2.1 on time', 'dossiers by channel online', '1.4 dossiers synced', '4.1 e-results')
),
progress AS (
    SELECT agency_code, period, captured_on, dossiers
    FROM total
    WHERE page = 'progress'
)
SELECT
    total.agency_code,
    total.period,
    total.captured_on,
    total.page_vi,
    total.page AS page_en,
    total.dossiers,
    progress.dossiers AS dossiers_in_progress_page,
    total.page || ' ' || CAST(total.dossiers AS VARCHAR) || ', progress ' || CAST(progress.dossiers AS VARCHAR)
        || ', difference ' || CAST(total.dossiers - progress.dossiers AS VARCHAR) AS detail_en,
    total.page_vi || ' ' || CAST(total.dossiers AS VARCHAR) || ', tiến độ ' || CAST(progress.dossiers AS VARCHAR)
        || ', chênh lệch ' || CAST(total.dossiers - progress.dossiers AS VARCHAR) AS detail_vi
FROM total
JOIN progress
    ON progress.agency_code = total.agency_code
    AND progress.period = total.period
    AND progress.captured_on = total.captured_on
WHERE total.dossiers <> progress.dossiers
ORDER BY total.agency_code, total.period, total.page
