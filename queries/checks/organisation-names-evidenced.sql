-- title: The days on which names of organisations changed are known from their laws
-- title_vi: Ngày đổi tên của các tổ chức được xác định theo văn bản
-- severity: warning
-- table: ref.dated_name
SELECT
    org_id,
    name_vi,
    name_en,
    valid_from,
    valid_to,
    note AS detail_en,
    CASE evidence
        WHEN 'memory' THEN 'ngày ghi theo trí nhớ, chưa thấy trong nguồn nào'
        ELSE 'không tìm thấy ngày theo luật; ghi theo ngày nhìn thấy tên lần đầu'
    END AS detail_vi
FROM ref.dated_name
ORDER BY org_id, valid_from
