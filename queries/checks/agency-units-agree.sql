-- title: Units in the captured pages bear the codes and names of the lists of units and communes
-- title_vi: Đơn vị trên các trang đã thu thập mang mã và tên như trong danh mục đơn vị và danh mục xã
-- severity: error
-- table: ref.agency_unit
WITH line AS (
    SELECT 'fact.index766_unit' AS table_name, agency_code, name_vi, gso_commune_code
    FROM fact.index766_unit
    UNION ALL
    SELECT 'ref.agency_unit', agency_code, name_vi, gso_commune_code
    FROM ref.agency_unit
)
SELECT
    line.table_name,
    line.agency_code,
    line.name_vi,
    CASE
        WHEN unit.agency_code IS NULL THEN 'not in the list of units'
        WHEN unit.gso_commune_code IS DISTINCT FROM line.gso_commune_code OR unit.name_vi <> line.name_vi
            THEN 'the list of units has ' || coalesce(unit.gso_commune_code || ' ', '') || unit.name_vi
        WHEN unit.level = 'commune' AND commune.commune_code IS NULL THEN 'not in the list of communes'
        WHEN unit.level = 'commune' THEN 'the list of communes has ' || commune.name_vi
        ELSE 'a provincial unit without an English name, or with the code of a commune'
    END AS detail_en,
    CASE
        WHEN unit.agency_code IS NULL THEN 'không có trong danh mục đơn vị'
        WHEN unit.gso_commune_code IS DISTINCT FROM line.gso_commune_code OR unit.name_vi <> line.name_vi
            THEN 'danh mục đơn vị ghi ' || coalesce(unit.gso_commune_code || ' ', '') || unit.name_vi
        WHEN unit.level = 'commune' AND commune.commune_code IS NULL THEN 'không có trong danh mục xã'
        WHEN unit.level = 'commune' THEN 'danh mục xã ghi ' || commune.name_vi
        ELSE 'đơn vị cấp tỉnh không có tên tiếng Anh, hoặc mang mã của một xã'
    END AS detail_vi
FROM line
LEFT JOIN ref.agency_unit AS unit ON unit.agency_code = line.agency_code
LEFT JOIN ref.commune AS commune ON commune.commune_code = line.gso_commune_code
WHERE unit.agency_code IS NULL
   OR unit.gso_commune_code IS DISTINCT FROM line.gso_commune_code
   OR unit.name_vi <> line.name_vi
   OR (unit.level = 'commune' AND commune.name_vi IS DISTINCT FROM line.name_vi)
   OR (unit.level <> 'commune' AND (unit.name_en IS NULL OR unit.gso_commune_code IS NOT NULL))
ORDER BY line.table_name, line.agency_code
