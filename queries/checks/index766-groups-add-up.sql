-- title: The six groups of the 766 index add up to its total
-- title_vi: Sáu nhóm điểm của Chỉ số 766 cộng lại bằng tổng điểm
-- severity: error
-- table: fact.index766_province
-- marks: org_id, period
-- affects: index766-score
WITH scored AS (
    SELECT
        org_id,
        period,
        max(value) FILTER (WHERE breakdown IS NULL) AS total,
        round(sum(value) FILTER (WHERE breakdown IS NOT NULL), 2) AS groups,
        count(breakdown) AS n
    FROM fact.index766_score
    GROUP BY org_id, period
)
SELECT
    org_id,
    period,
    'total ' || CAST(total AS VARCHAR) || ', six groups ' || CAST(groups AS VARCHAR) AS detail_en,
    'tổng ' || CAST(total AS VARCHAR) || ', sáu nhóm ' || CAST(groups AS VARCHAR) AS detail_vi
FROM scored
WHERE n = 6
  AND abs(total - groups) > 0.005
ORDER BY org_id, period
