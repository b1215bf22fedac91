-- title: The six groups of the 766 index add up to its total
-- title_vi: Sáu nhóm điểm của Chỉ số 766 cộng lại bằng tổng điểm
-- severity: error
-- table: fact.index766_province
SELECT
    agency_code,
    name_vi,
    period,
    captured_on,
    'total ' || CAST(total AS VARCHAR) || ', six groups ' || CAST(
        round(transparency_18 + progress_20 + online_services_12 + online_payment_10 + satisfaction_18 + digitisation_22, 2)
        AS VARCHAR
    ) AS detail_en,
    'tổng ' || CAST(total AS VARCHAR) || ', sáu nhóm ' || CAST(
        round(transparency_18 + progress_20 + online_services_12 + online_payment_10 + satisfaction_18 + digitisation_22, 2)
        AS VARCHAR
    ) AS detail_vi
FROM fact.index766_province
WHERE abs(
    total - (transparency_18 + progress_20 + online_services_12 + online_payment_10 + satisfaction_18 + digitisation_22)
) > 0.005
ORDER BY agency_code, period
