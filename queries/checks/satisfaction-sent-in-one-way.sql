-- title: Answers of one form come counted or by respondent, not both
-- title_vi: Câu trả lời của một loại phiếu chỉ gửi một cách, đã đếm hoặc theo từng người
-- severity: error
-- marks: org_id, period
-- They are added: where both are of the same forms, each counts twice.
SELECT DISTINCT
    CAST(counted.org_id AS VARCHAR) AS org_id,
    counted.wave AS period,
    counted.instrument,
    counted.question,
    CASE counted.instrument
        WHEN 'online-service' THEN 'satisfaction-online-services'
        WHEN 'project-06' THEN 'satisfaction-project06'
        WHEN 'one-stop-criteria' THEN 'one-stop-criteria-score'
        ELSE 'satisfaction-one-stop'
    END AS indicator,
    'came counted and by respondent; both are added' AS detail_en,
    'gửi cả phiếu đã đếm và tệp theo từng người; hai loại được cộng lại' AS detail_vi
FROM fact.satisfaction AS counted
SEMI JOIN fact.satisfaction_response AS each
    ON each.org_id = counted.org_id
    AND each.wave = counted.wave
    AND each.instrument = counted.instrument
    AND each.topic IS NOT DISTINCT FROM counted.topic
    AND each.question = counted.question
ORDER BY ALL
