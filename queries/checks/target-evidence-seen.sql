-- title: The wording of every target was seen in a page that names its document
-- title_vi: Câu chữ của mọi mục tiêu đã thấy trên trang có nêu tên văn bản
-- severity: warning
-- table: ref.target_row
SELECT
    target_id,
    legal_basis_vi,
    legal_basis_en,
    CASE evidence
        WHEN 'article' THEN 'seen in an article only, not in the document'
        WHEN 'secondary' THEN 'from a secondary source'
        WHEN 'memory' THEN 'not yet checked against the document'
        ELSE evidence
    END || ': ' || source AS detail_en,
    CASE evidence
        WHEN 'article' THEN 'mới thấy trong bài viết, chưa thấy văn bản'
        WHEN 'secondary' THEN 'theo nguồn thứ cấp'
        WHEN 'memory' THEN 'chưa đối chiếu với văn bản'
        ELSE evidence
    END || ': ' || source AS detail_vi
FROM ref.target
WHERE evidence <> 'seen'
ORDER BY target_id
