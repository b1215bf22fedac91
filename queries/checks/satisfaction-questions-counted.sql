-- title: What was answered about satisfaction is in a number
-- title_vi: Câu trả lời về mức độ hài lòng đều nằm trong số liệu
-- severity: warning
-- table: fact.satisfaction
-- Numbers are of the question `overall`, and with Project 06 of its four fields; other questions beside it are details of the form.
WITH form AS (
    SELECT org_id, period, instrument, topic, question, bool_or(question = 'overall') OVER same_form AS has_overall
    FROM fact.satisfaction_answer
    WHERE instrument <> 'one-stop-criteria'
    WINDOW same_form AS (PARTITION BY org_id, period, instrument, topic)
)
SELECT DISTINCT
    CAST(org_id AS VARCHAR) AS org_id,
    period,
    instrument,
    question,
    CASE
        WHEN has_overall THEN 'of no field; in no number'
        ELSE 'the form has no question `overall`; in no number'
    END AS detail_en,
    CASE
        WHEN has_overall THEN 'không ghi lĩnh vực; không nằm trong số liệu nào'
        ELSE 'phiếu không có câu hỏi `overall`; không nằm trong số liệu nào'
    END AS detail_vi
FROM form
WHERE NOT has_overall
   OR (question = 'overall' AND instrument = 'project-06' AND topic IS NULL)
ORDER BY ALL
