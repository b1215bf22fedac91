-- title: Every target has a level and an organisation that it is read on
-- title_vi: Mỗi mục tiêu có cấp và tổ chức được so sánh
-- severity: error
-- table: ref.target_row
SELECT
    t.target_id,
    t.level,
    CASE
        WHEN t.level IS NULL THEN 'its level is not in the list of target levels'
        WHEN l.level IS NULL THEN 'no level ' || t.level
        ELSE 'no organisation ' || coalesce(t.org_id, '')
    END AS detail_en,
    CASE
        WHEN t.level IS NULL THEN 'cấp của mục tiêu không có trong danh mục cấp'
        WHEN l.level IS NULL THEN 'không có cấp ' || t.level
        ELSE 'không có tổ chức ' || coalesce(t.org_id, '')
    END AS detail_vi
FROM ref.target AS t
LEFT JOIN ref.level AS l ON l.level = t.level
LEFT JOIN ref.organisation AS o ON o.org_id = t.org_id
WHERE l.level IS NULL
   OR o.org_id IS NULL
ORDER BY t.target_id
