-- title: A body that moved whole has one successor, and successors follow the day after
-- title_vi: Tổ chức chuyển nguyên vẹn chỉ có một tổ chức kế thừa, bắt đầu từ ngày kế tiếp
-- severity: error
-- table: ref.organisation
WITH link AS (
    SELECT
        l.*,
        count(*) OVER (PARTITION BY l.old_org_id, l.effective_on) AS n_successors,
        old.valid_to AS old_valid_to,
        coalesce(new.valid_from, l.effective_on) AS new_valid_from
    FROM ref.organisation_link AS l
    LEFT JOIN ref.organisation AS old ON old.org_id = l.old_org_id
    LEFT JOIN ref.organisation AS new ON new.org_id = l.new_org_id
)
SELECT
    old_org_id,
    new_org_id,
    kind,
    CASE
        WHEN kind NOT IN ('renamed', 'absorbed', 'merged', 'split', 'part') THEN 'no such kind'
        WHEN share IS NOT NULL AND n_successors > 1 THEN 'moved whole, but has ' || CAST(n_successors AS VARCHAR) || ' successors'
        WHEN share IS NULL AND n_successors = 1 THEN 'a piece, but the others are not there'
        WHEN old_valid_to IS NULL THEN 'the old body has no end'
        ELSE 'the days do not meet'
    END AS detail_en,
    CASE
        WHEN kind NOT IN ('renamed', 'absorbed', 'merged', 'split', 'part') THEN 'không có loại này'
        WHEN share IS NOT NULL AND n_successors > 1 THEN 'chuyển nguyên vẹn nhưng có ' || CAST(n_successors AS VARCHAR) || ' đơn vị kế thừa'
        WHEN share IS NULL AND n_successors = 1 THEN 'là một phần nhưng không có các phần còn lại'
        WHEN old_valid_to IS NULL THEN 'tổ chức cũ không có ngày kết thúc'
        ELSE 'các ngày không nối tiếp nhau'
    END AS detail_vi
FROM link
WHERE kind NOT IN ('renamed', 'absorbed', 'merged', 'split', 'part')
   OR (share IS NULL) <> (n_successors > 1)
   OR old_valid_to IS DISTINCT FROM effective_on - 1
   OR new_valid_from > effective_on
ORDER BY old_org_id, new_org_id
