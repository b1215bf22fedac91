-- title: No petition was answered before it was received
-- title_vi: Không phản ánh, kiến nghị nào được trả lời trước ngày tiếp nhận
-- severity: error
SELECT
    petition_code,
    org_id,
    received_on,
    answered_on
FROM fact.petition
WHERE answered_on < received_on
ORDER BY petition_code
