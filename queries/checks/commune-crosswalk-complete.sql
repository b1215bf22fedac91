-- title: Every commune of the old map has a successor and every one of the new map a predecessor
-- title_vi: Mỗi đơn vị cấp xã cũ có đơn vị kế thừa và mỗi đơn vị mới có đơn vị tiền thân
-- severity: error
-- table: ref.commune_crosswalk
SELECT 'old' AS map, old.commune_code, old.name_vi, 'no successor' AS detail_en, 'không có đơn vị kế thừa' AS detail_vi
FROM ref.commune_legacy AS old
LEFT JOIN ref.commune_crosswalk AS x ON x.old_commune_code = old.commune_code
WHERE x.old_commune_code IS NULL
UNION ALL
SELECT 'new', new.commune_code, new.name_vi, 'no predecessor', 'không có đơn vị tiền thân'
FROM ref.commune AS new
LEFT JOIN ref.commune_crosswalk AS x ON x.new_commune_code = new.commune_code
WHERE x.new_commune_code IS NULL
ORDER BY map, commune_code
