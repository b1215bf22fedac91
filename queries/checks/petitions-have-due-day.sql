-- title: The due day of every petition is known
-- title_vi: Mọi phản ánh, kiến nghị đều xác định được hạn trả lời
-- severity: warning
-- table: fact.petition
SELECT
    petition_code,
    org_id,
    received_on,
    'no due day was sent, and the holidays of its year are not known' AS detail_en,
    'không gửi hạn trả lời, và chưa biết ngày nghỉ lễ của năm đó' AS detail_vi
FROM fact.petition_due
WHERE due_on IS NULL
  AND (answered_on IS NULL OR answered_on >= received_on)
ORDER BY petition_code
