-- title: An answer about satisfaction is one of its form
-- title_vi: Câu trả lời về mức độ hài lòng thuộc phương án của phiếu
-- severity: error
-- marks: org_id, period
-- table: fact.satisfaction
-- Criteria of the one-stop shop are answered by points, all else by words: points elsewhere, and words there, are in no number.
-- How many gave an answer is not told: it may be few.
SELECT DISTINCT
    org_id,
    period,
    instrument,
    question,
    answer,
    CASE instrument
        WHEN 'online-service' THEN 'satisfaction-online-services'
        WHEN 'project-06' THEN 'satisfaction-project06'
        WHEN 'one-stop-criteria' THEN 'one-stop-criteria-score'
        ELSE 'satisfaction-one-stop'
    END AS indicator,
    'not an answer of this form; in no number' AS detail_en,
    'không phải phương án của phiếu này; không nằm trong số liệu nào' AS detail_vi
FROM fact.satisfaction_answer
WHERE (answer IN ('0', '1', '2')) <> (instrument = 'one-stop-criteria')
ORDER BY ALL
