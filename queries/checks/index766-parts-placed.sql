-- title: Every part of the 766 index has its place in the tree
-- title_vi: Mỗi chỉ số thành phần của Chỉ số 766 có chỗ trong cây chỉ số
-- severity: error
-- table: fact.index766_subindicator
-- The formula of the online services is not known, and totals are no part.
SELECT
    org_id,
    period,
    captured_on,
    part,
    CASE
        WHEN part = 'certified e-copy' THEN 'all of its points or none were expected; in no number'
        ELSE 'a part of no such name is known; in no number'
    END AS detail_en,
    CASE
        WHEN part = 'certified e-copy' THEN 'chỉ có thể đạt trọn điểm hoặc không điểm; không nằm trong số liệu nào'
        ELSE 'không có chỉ số thành phần nào tên như vậy; không nằm trong số liệu nào'
    END AS detail_vi
FROM fact.index766_subindicator
WHERE group_code NOT IN ('online', 'total')
  AND part <> '2.1 on time'
  AND part NOT IN (SELECT portal_name FROM ref.index766_part)
  AND NOT (part = 'certified e-copy' AND score IN (0, max_score))
ORDER BY ALL
