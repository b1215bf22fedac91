-- title: The type of a commune in its list is the one that its name speaks of
-- title_vi: Loại của đơn vị cấp xã trong danh mục khớp với tên của nó
-- severity: warning
-- table: ref.commune
WITH listed AS (
    SELECT commune_code, name_vi, replace(type, '_', '-') AS type, valid_to
    FROM ref.commune
    UNION ALL
    SELECT commune_code, name_vi, type, valid_to
    FROM ref.commune_legacy
)
SELECT
    listed.commune_code,
    listed.name_vi,
    listed.valid_to,
    'the list says ' || listed.type || ', the name ' || coalesce(area.type, 'nothing') || ', which is followed' AS detail_en,
    'danh mục ghi ' || listed.type || ', tên ghi ' || coalesce(area.type, 'không gì cả') || '; dùng theo tên' AS detail_vi
FROM listed
LEFT JOIN ref.area AS area
    ON area.level = 'commune'
    AND area.code = listed.commune_code
    AND area.valid_to IS NOT DISTINCT FROM listed.valid_to
WHERE area.type IS DISTINCT FROM listed.type
ORDER BY listed.commune_code, listed.valid_to
