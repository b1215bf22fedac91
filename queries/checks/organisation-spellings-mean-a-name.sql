-- title: Every spelling that was decided upon means a ministry or province
-- title_vi: Mỗi cách viết tên đã quyết định chỉ đúng một bộ, tỉnh
-- severity: error
-- table: ref.organisation_spelling
SELECT
    s.spelling,
    s.name_vi
FROM ref.organisation_spelling AS s
WHERE NOT EXISTS (
    SELECT 1
    FROM ref.agency_body AS b
    WHERE b.name_vi = s.name_vi
)
ORDER BY s.spelling
