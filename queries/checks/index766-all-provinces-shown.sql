-- title: Each capture of the 766 index holds every province of its day
-- title_vi: Mỗi lần thu thập Chỉ số 766 có đủ các tỉnh, thành phố của ngày đó
-- severity: error
-- table: fact.index766_province
WITH capture AS (
    SELECT DISTINCT period, captured_on
    FROM fact.index766_province
)
SELECT
    province.code AS agency_code,
    capture.period,
    capture.captured_on,
    province.name_vi || ' is not in the capture' AS detail_en,
    province.name_vi || ' không có trong lần thu thập' AS detail_vi
FROM capture
JOIN ref.agency_body AS province
    ON province.level = 'province'
    AND capture.captured_on >= coalesce(province.valid_from, capture.captured_on)
    AND capture.captured_on <= coalesce(province.valid_to, capture.captured_on)
LEFT JOIN fact.index766_province AS shown
    ON shown.agency_code = province.code
    AND shown.period = capture.period
    AND shown.captured_on = capture.captured_on
WHERE shown.agency_code IS NULL
ORDER BY province.code, capture.captured_on
