-- title: Every organisation but the two roots has a parent that exists
-- title_vi: Mọi tổ chức, trừ hai gốc, có cơ quan cấp trên tồn tại
-- severity: error
-- table: ref.organisation
SELECT
    o.org_id,
    o.name_vi,
    o.parent_id,
    CASE WHEN o.parent_id IS NULL THEN 'no parent' ELSE 'its parent does not exist' END AS detail
FROM ref.organisation AS o
LEFT JOIN ref.organisation AS parent ON parent.org_id = o.parent_id
WHERE parent.org_id IS NULL
  AND NOT (o.parent_id IS NULL AND o.org_id IN ('VN', 'UN-MEMBERS'))
ORDER BY o.org_id
