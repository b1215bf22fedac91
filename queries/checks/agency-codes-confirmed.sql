-- title: Every identifier code of an agency of today was seen in a public source
-- title_vi: Mã định danh của mọi cơ quan hiện nay đều đã thấy trong một nguồn công khai
-- severity: warning
-- table: ref.agency
SELECT
    code,
    name_vi,
    name_en,
    CASE code_status WHEN 'unknown' THEN 'the code was not found' ELSE 'the code is from memory' END AS detail_en,
    CASE code_status WHEN 'unknown' THEN 'không tìm thấy mã' ELSE 'mã ghi theo trí nhớ' END AS detail_vi
FROM ref.agency
WHERE code_status IN ('memory', 'unknown')
  AND valid_to IS NULL
ORDER BY name_vi
