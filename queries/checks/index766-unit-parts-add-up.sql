-- title: On time and overdue add up to received in every unit
-- title_vi: Đúng hạn và quá hạn cộng lại bằng số tiếp nhận ở từng đơn vị
-- severity: error
-- table: fact.index766_unit
SELECT
    agency_code,
    name_vi,
    period,
    'received ' || CAST(received AS VARCHAR) || ', on time ' || CAST(on_time AS VARCHAR)
        || ', overdue ' || CAST(overdue AS VARCHAR) AS detail_en,
    'tiếp nhận ' || CAST(received AS VARCHAR) || ', đúng hạn ' || CAST(on_time AS VARCHAR)
        || ', quá hạn ' || CAST(overdue AS VARCHAR) AS detail_vi
FROM fact.index766_unit
WHERE on_time + overdue <> received
ORDER BY agency_code
