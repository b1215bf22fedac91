-- title: What targets ask for can be met
-- title_vi: Mục tiêu đặt ra là khả thi về hình thức
-- severity: error
SELECT
    target_id,
    fault.detail_en,
    fault.detail_vi
FROM ref.target_row AS t,
LATERAL (
    SELECT 'a share is between 0 and 100, not ' || t.value, 'tỷ lệ nằm trong khoảng từ 0 đến 100, không phải ' || t.value
    WHERE t.unit = '%' AND t.value NOT BETWEEN 0 AND 100
    UNION ALL
    SELECT 'a place in a ranking is at most, not at least, ' || t.value, 'thứ hạng phải ghi là "<=", không phải ">=" ' || t.value
    WHERE t.unit = 'rank' AND t.comparator <> '<='
    UNION ALL
    SELECT 'made on ' || t.issued_on || ', after its year ' || t.year, 'ban hành ngày ' || t.issued_on || ', sau năm đến hạn ' || t.year
    WHERE CAST(t.issued_on[:4] AS INTEGER) > t.year
    UNION ALL
    SELECT 'no day ' || t.issued_on, 'không có ngày ' || t.issued_on
    WHERE length(t.issued_on) = 10 AND try_cast(t.issued_on AS DATE) IS NULL
) AS fault (detail_en, detail_vi)
ORDER BY target_id, fault.detail_en
