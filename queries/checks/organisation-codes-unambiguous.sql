-- title: On every day a code of a code system belongs to one organisation at most
-- title_vi: Tại mỗi ngày, một mã trong một hệ mã chỉ thuộc về không quá một tổ chức
-- severity: error
-- table: ref.organisation_code
WITH span AS (
    SELECT
        code_system,
        code,
        org_id,
        coalesce(valid_from, DATE '0001-01-01') AS valid_from,
        coalesce(valid_to, DATE '9999-12-31') AS valid_to
    FROM ref.organisation_code
),
taken AS (
    SELECT
        *,
        max(valid_to) OVER (
            PARTITION BY code_system, code
            ORDER BY valid_from, valid_to, org_id
            ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
        ) AS taken_to
    FROM span
)
SELECT
    code_system,
    code,
    org_id,
    CASE
        WHEN valid_from > valid_to THEN 'ends before it begins'
        ELSE 'another organisation has it until ' || CAST(taken_to AS VARCHAR)
    END AS detail_en,
    CASE
        WHEN valid_from > valid_to THEN 'kết thúc trước khi bắt đầu'
        ELSE 'một tổ chức khác mang mã này đến ' || CAST(taken_to AS VARCHAR)
    END AS detail_vi
FROM taken
WHERE valid_from <= taken_to
   OR valid_from > valid_to
ORDER BY code_system, code, org_id
