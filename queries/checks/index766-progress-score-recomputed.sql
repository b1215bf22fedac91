-- title: The published progress score is 20 x on time / received
-- title_vi: Điểm tiến độ công bố bằng 20 x đúng hạn / tiếp nhận
-- severity: error
-- table: fact.index766_subindicator
SELECT
    agency_code,
    period,
    captured_on,
    'published ' || CAST(score AS VARCHAR) || ', recomputed '
        || CAST(round(20.0 * numerator / denominator, 3) AS VARCHAR) AS detail_en,
    'công bố ' || CAST(score AS VARCHAR) || ', tính lại '
        || CAST(round(20.0 * numerator / denominator, 3) AS VARCHAR) AS detail_vi
FROM fact.index766_subindicator
WHERE part = '2.1 on time'
  AND score IS NOT NULL
  AND denominator > 0
  AND abs(score - 20.0 * numerator / denominator) > 0.00501
ORDER BY agency_code, period
