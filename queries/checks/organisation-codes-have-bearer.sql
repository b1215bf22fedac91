-- title: Every code belongs to an organisation that existed as long as the code is valid
-- title_vi: Mỗi mã thuộc về một tổ chức tồn tại trong suốt thời gian mã có hiệu lực
-- severity: error
-- table: ref.organisation_code
SELECT
    c.code_system,
    c.code,
    c.org_id,
    CASE
        WHEN c.org_id IS NULL THEN 'no organisation'
        WHEN o.org_id IS NULL THEN 'no organisation ' || c.org_id
        ELSE 'valid outside the days of its organisation'
    END AS detail_en,
    CASE
        WHEN c.org_id IS NULL THEN 'không có tổ chức'
        WHEN o.org_id IS NULL THEN 'không có tổ chức ' || c.org_id
        ELSE 'có hiệu lực ngoài những ngày của tổ chức'
    END AS detail_vi
FROM ref.organisation_code AS c
LEFT JOIN ref.organisation AS o ON o.org_id = c.org_id
WHERE o.org_id IS NULL
   OR coalesce(c.valid_from, DATE '0001-01-01') < coalesce(o.valid_from, DATE '0001-01-01')
   OR coalesce(c.valid_to, DATE '9999-12-31') > coalesce(o.valid_to, DATE '9999-12-31')
ORDER BY c.code_system, c.code, c.org_id
