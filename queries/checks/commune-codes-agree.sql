-- title: Two public lists give a commune the same code
-- title_vi: Hai danh mục công khai ghi cùng một mã cho mỗi xã
-- severity: warning
-- table: ref.commune
SELECT
    province.gso_code AS province_gso_code,
    province.name_vi AS province_vi,
    province.name_en AS province_en,
    count(*) AS communes,
    'communes with another code in a second public list: ' || CAST(count(*) AS VARCHAR) AS detail_en,
    'số xã có mã khác trong danh mục công khai thứ hai: ' || CAST(count(*) AS VARCHAR) AS detail_vi
FROM ref.commune AS commune
JOIN ref.province AS province
    ON province.gso_code = commune.province_gso_code
    AND province.valid_to IS NULL
WHERE commune.code_status = 'differs'
GROUP BY province.gso_code, province.name_vi, province.name_en
ORDER BY province.gso_code
