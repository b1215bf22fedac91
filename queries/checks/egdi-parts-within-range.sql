-- title: Every part of the index lies between 0 and 1
-- title_vi: Mỗi chỉ số thành phần nằm trong khoảng từ 0 đến 1
-- severity: warning
-- table: fact.country_index
SELECT
    edition,
    iso3,
    country,
    'human capital index ' || CAST(hci AS VARCHAR) || ', kept as published' AS detail_en,
    'chỉ số vốn nhân lực ' || CAST(hci AS VARCHAR) || ', giữ nguyên như đã công bố' AS detail_vi
FROM fact.country_index
WHERE hci > 1
ORDER BY edition, iso3
