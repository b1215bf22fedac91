-- title: A holiday is named once, and only Saturdays and Sundays are worked in exchange
-- title_vi: Mỗi ngày nghỉ chỉ nêu một lần, chỉ làm bù vào thứ Bảy hoặc Chủ nhật
-- severity: error
-- table: ref.holiday
SELECT date, 'named ' || count(*) || ' times' AS detail_en, 'ghi ' || count(*) || ' lần' AS detail_vi
FROM ref.holiday
GROUP BY date
HAVING count(*) > 1
UNION ALL
SELECT
    date,
    'a make-up day on ' || strftime(date, '%A'),
    'ngày làm bù vào thứ ' || CASE isodow(date) WHEN 1 THEN 'hai' WHEN 2 THEN 'ba' WHEN 3 THEN 'tư' WHEN 4 THEN 'năm' ELSE 'sáu' END
FROM ref.holiday
WHERE kind = 'working' AND isodow(date) <= 5
ORDER BY ALL
