-- title: The rank and score of Viet Nam in the press are those of the UN table
-- title_vi: Hạng và điểm của Việt Nam trên báo chí khớp với bảng của Liên hợp quốc
-- severity: error
-- table: fact.published_figure
WITH press AS (
    SELECT m.indicator, m.period, f.value
    FROM fact.published_figure AS f
    JOIN ref.published_figure_map AS m
        ON m.figure_indicator = f.indicator
        AND m.figure_period = f.period
        AND m.figure_area = f.area
    WHERE m.use = 'check'
      AND m.indicator IN ('egdi-rank', 'egdi-score')
),
un AS (
    SELECT 'egdi-rank' AS indicator, period, CAST(rank AS DOUBLE) AS value FROM fact.country_score WHERE org_id = 'VN'
    UNION ALL
    SELECT 'egdi-score', period, egdi FROM fact.country_score WHERE org_id = 'VN'
)
SELECT
    press.indicator,
    press.period,
    'press ' || CAST(press.value AS VARCHAR) || ', UN table ' || coalesce(CAST(un.value AS VARCHAR), 'none') AS detail_en,
    'báo chí ' || CAST(press.value AS VARCHAR) || ', bảng của Liên hợp quốc ' || coalesce(CAST(un.value AS VARCHAR), 'không có') AS detail_vi
FROM press
LEFT JOIN un
    ON un.indicator = press.indicator
    AND un.period = press.period
WHERE un.value IS NULL
   OR abs(press.value - un.value) > 0.00005
ORDER BY press.indicator, press.period
