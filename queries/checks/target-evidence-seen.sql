-- title: The wording of every target was seen in a page that names its document
-- title_vi: Câu chữ của mọi mục tiêu đã thấy trên trang có nêu tên văn bản
-- severity: warning
-- table: ref.target_row
SELECT
    target_id,
    legal_basis_vi,
    evidence,
    'evidence: ' || evidence || ' (' || source || ')' AS detail_en,
    'mức xác thực: ' || evidence || ' (' || source || ')' AS detail_vi
FROM ref.target
WHERE evidence <> 'seen'
ORDER BY target_id
