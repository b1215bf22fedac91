-- title: Province names and statistical codes of the captured index are those of the province list
-- title_vi: Tên tỉnh và mã thống kê trong Chỉ số 766 đã thu thập khớp với danh mục tỉnh
-- severity: error
-- table: fact.index766_province
SELECT
    f.agency_code,
    f.gso_code,
    f.name_vi,
    'the list has ' || coalesce(p.gso_code || ' ' || p.name_vi, 'no such code') AS detail_en,
    'danh mục ghi ' || coalesce(p.gso_code || ' ' || p.name_vi, 'không có mã này') AS detail_vi
FROM fact.index766_province AS f
LEFT JOIN ref.province AS p
    ON p.id_code = f.agency_code
    AND f.captured_on >= coalesce(p.valid_from, f.captured_on)
    AND f.captured_on <= coalesce(p.valid_to, f.captured_on)
WHERE p.id_code IS NULL
   OR p.gso_code <> f.gso_code
   OR p.name_vi <> f.name_vi
ORDER BY f.agency_code
