-- title: Online dossiers by level add up to their total within the rounding of the source
-- title_vi: Hồ sơ trực tuyến theo cấp cộng lại bằng tổng, trong giới hạn làm tròn của nguồn
-- severity: error
-- table: fact.published_figure
WITH total AS (
    SELECT org_id, period, value
    FROM fact.published_value
    WHERE indicator = 'online-dossier-share'
      AND part = 'numerator'
),
level AS (
    SELECT org_id, period, sum(value) AS value
    FROM fact.published_value
    WHERE indicator = 'online-dossiers'
    GROUP BY org_id, period
)
SELECT
    total.org_id,
    total.period,
    'total ' || CAST(total.value AS VARCHAR) || ', levels ' || CAST(level.value AS VARCHAR) AS detail_en,
    'tổng ' || CAST(total.value AS VARCHAR) || ', các mức ' || CAST(level.value AS VARCHAR) AS detail_vi
FROM total
JOIN level
    ON level.org_id = total.org_id
    AND level.period = total.period
WHERE abs(total.value - level.value) > 150000
ORDER BY total.org_id
