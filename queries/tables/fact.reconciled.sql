-- Numbers that two systems give of the same thing: one row per body, period and thing, with both, also where they are the same.
-- Gives org_id, period, what is counted, and for each of the two systems its name, the table of its rows and its number.
SELECT
    compared.org_id,
    compared.period,
    'Cột (' || CAST(compared.column_number AS VARCHAR) || '): ' || form.heading_vi AS what_vi,
    'Column (' || CAST(compared.column_number AS VARCHAR) || '): ' || form.heading_en AS what_en,
    'Biểu II.06 do cơ quan gửi' AS first_vi,
    'Form II.06 as the agency sent it' AS first_en,
    'fact.report_form' AS first_table,
    CAST(compared.form AS DOUBLE) AS first_value,
    'Tính từ hồ sơ đã gửi' AS second_vi,
    'Worked out from the dossiers' AS second_en,
    'fact.dossier' AS second_table,
    CAST(compared.dossiers AS DOUBLE) AS second_value
FROM fact.form_compared AS compared
JOIN ref.report_form_column AS form ON form.column_number = compared.column_number
UNION ALL
SELECT
    province.org_id,
    province.period,
    part.what_vi || ' (ghi ngày ' || strftime(province.captured_on, '%d/%m/%Y') || ')',
    part.what_en || ' (captured on ' || strftime(province.captured_on, '%d/%m/%Y') || ')',
    'Cổng ghi cho tỉnh',
    'The portal, for the province',
    'fact.index766_subindicator',
    CASE part.what_en WHEN 'Dossiers received' THEN province.denominator ELSE province.numerator END,
    'Các đơn vị của tỉnh cộng lại',
    'The units of the province added up',
    'fact.index766_unit',
    CASE part.what_en WHEN 'Dossiers received' THEN unit.received ELSE unit.on_time END
FROM (
    SELECT province_id, period, captured_on, sum(received) AS received, sum(on_time) AS on_time
    FROM fact.index766_unit
    GROUP BY province_id, period, captured_on
) AS unit
JOIN fact.index766_subindicator AS province
    ON province.org_id = unit.province_id
    AND province.period = unit.period
    AND province.captured_on = unit.captured_on
    AND province.part = '2.1 on time'
CROSS JOIN (
    VALUES ('Hồ sơ tiếp nhận', 'Dossiers received'), ('Hồ sơ đúng hạn', 'Dossiers on time')
) AS part (what_vi, what_en)
UNION ALL
SELECT
    score.org_id,
    press.period,
    CASE press.indicator WHEN 'egdi-rank' THEN 'Hạng EGDI' ELSE 'Điểm EGDI, bốn chữ số' END,
    CASE press.indicator WHEN 'egdi-rank' THEN 'EGDI rank' ELSE 'EGDI score, four digits' END,
    'Báo chí, trang của Bộ',
    'The press and pages of the ministry',
    'fact.published_figure',
    CAST(figure.value AS DOUBLE),
    'Bảng của Liên hợp quốc',
    'The table of the United Nations',
    'fact.country_score',
    CASE press.indicator WHEN 'egdi-rank' THEN CAST(score.rank AS DOUBLE) ELSE round(score.egdi, 4) END
FROM ref.published_figure_map AS press
JOIN fact.published_figure AS figure
    ON figure.indicator = press.figure_indicator
    AND figure.period = press.figure_period
    AND figure.area = press.figure_area
JOIN fact.country_score AS score
    ON score.org_id = press.org_id
    AND score.period = press.period
WHERE press.use = 'check'
  AND press.indicator IN ('egdi-rank', 'egdi-score')
