-- title: An answer about satisfaction is one of its form
-- title_vi: Câu trả lời về mức độ hài lòng thuộc phương án của phiếu
-- severity: error
-- table: fact.satisfaction
-- Criteria of the one-stop shop are answered by points, all else by words: points elsewhere, and words there, are in no number.
-- How many gave an answer is not told: it may be few.
SELECT DISTINCT
    org_id,
    period,
    instrument,
    question,
    answer,
    'not an answer of this form; in no number' AS detail_en,
    'không phải phương án của phiếu này; không nằm trong số liệu nào' AS detail_vi
FROM fact.satisfaction_answer
WHERE (answer IN ('0', '1', '2')) <> (instrument = 'one-stop-criteria')
ORDER BY ALL
