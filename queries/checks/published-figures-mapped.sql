-- title: Every published figure is used, compared, or left out with a reason
-- title_vi: Mỗi số liệu công bố được dùng, được đối chiếu, hoặc bị bỏ ra có nêu lý do
-- severity: error
-- table: fact.published_figure
WITH figure AS (
    SELECT
        coalesce(f.indicator, m.figure_indicator) AS indicator,
        coalesce(f.period, m.figure_period) AS period,
        coalesce(f.area, m.figure_area) AS area,
        CASE
            WHEN m.figure_indicator IS NULL THEN 'the figure is not in the map'
            WHEN f.indicator IS NULL THEN 'the map speaks of a figure that is not there'
            WHEN m.use = 'none' AND m.note IS NULL THEN 'left out without a reason'
            WHEN m.use <> 'none' AND (m.indicator IS NULL OR m.org_id IS NULL OR m.period IS NULL)
                THEN 'the map lacks an indicator, an organisation or a period'
            WHEN m.use <> 'none' AND o.org_id IS NULL THEN 'no organisation ' || m.org_id
        END AS detail_en,
        CASE
            WHEN m.figure_indicator IS NULL THEN 'số liệu không có trong bảng đối chiếu'
            WHEN f.indicator IS NULL THEN 'bảng đối chiếu nêu một số liệu không có'
            WHEN m.use = 'none' AND m.note IS NULL THEN 'bỏ qua mà không nêu lý do'
            WHEN m.use <> 'none' AND (m.indicator IS NULL OR m.org_id IS NULL OR m.period IS NULL)
                THEN 'bảng đối chiếu thiếu chỉ tiêu, tổ chức hoặc kỳ'
            WHEN m.use <> 'none' AND o.org_id IS NULL THEN 'không có tổ chức ' || m.org_id
        END AS detail_vi
    FROM fact.published_figure AS f
    FULL OUTER JOIN ref.published_figure_map AS m
        ON m.figure_indicator = f.indicator
        AND m.figure_period = f.period
        AND m.figure_area = f.area
    LEFT JOIN ref.organisation AS o ON o.org_id = m.org_id
)
SELECT indicator, period, area, detail_en, detail_vi
FROM figure
WHERE detail_en IS NOT NULL
ORDER BY indicator, period, area
