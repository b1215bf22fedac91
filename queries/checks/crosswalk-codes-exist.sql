-- title: Every code in a crosswalk exists in the list it points to
-- title_vi: Mọi mã trong bảng chuyển đổi đều có trong danh mục mà nó trỏ tới
-- severity: error
-- table: ref.commune_crosswalk
WITH unknown AS (
    SELECT 'ref.province_crosswalk' AS table_name, 'old_gso_code' AS column_name, x.old_gso_code AS code
    FROM ref.province_crosswalk AS x
    LEFT JOIN ref.province AS p ON p.gso_code = x.old_gso_code AND p.id_code = x.old_id_code AND p.valid_from IS NULL
    WHERE p.gso_code IS NULL
    UNION ALL
    SELECT 'ref.province_crosswalk', 'new_gso_code', x.new_gso_code
    FROM ref.province_crosswalk AS x
    LEFT JOIN ref.province AS p ON p.gso_code = x.new_gso_code AND p.id_code = x.new_id_code AND p.valid_to IS NULL
    WHERE p.gso_code IS NULL
    UNION ALL
    SELECT 'ref.ministry_crosswalk', 'old_code', x.old_code
    FROM ref.ministry_crosswalk AS x
    LEFT JOIN ref.agency AS a ON a.code = x.old_code AND a.valid_from IS NULL
    WHERE a.code IS NULL
    UNION ALL
    SELECT 'ref.ministry_crosswalk', 'new_code', coalesce(x.new_code, x.new_name)
    FROM ref.ministry_crosswalk AS x
    LEFT JOIN ref.agency AS a ON a.name_vi = x.new_name AND coalesce(a.code, '') = coalesce(x.new_code, '') AND a.valid_to IS NULL
    WHERE a.name_vi IS NULL
    UNION ALL
    SELECT 'ref.commune_crosswalk', 'old_commune_code', x.old_commune_code
    FROM ref.commune_crosswalk AS x
    LEFT JOIN ref.commune_legacy AS c ON c.commune_code = x.old_commune_code
    WHERE x.old_commune_code IS NOT NULL
      AND c.commune_code IS NULL
    UNION ALL
    SELECT 'ref.commune_crosswalk', 'new_commune_code', x.new_commune_code
    FROM ref.commune_crosswalk AS x
    LEFT JOIN ref.commune AS c ON c.commune_code = x.new_commune_code
    WHERE c.commune_code IS NULL
    UNION ALL
    SELECT 'ref.commune_crosswalk', 'old_district_code', x.old_district_code
    FROM ref.commune_crosswalk AS x
    LEFT JOIN ref.district_legacy AS d ON d.district_code = x.old_district_code
    WHERE d.district_code IS NULL
)
SELECT DISTINCT table_name, column_name, code, 'no such code' AS detail_en, 'không có mã này' AS detail_vi
FROM unknown
ORDER BY table_name, column_name, code
