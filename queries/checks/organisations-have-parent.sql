-- title: Every organisation but the two roots has one body above it on each of its days, and that body existed then
-- title_vi: Mọi tổ chức, trừ hai gốc, có đúng một cơ quan cấp trên đang tồn tại tại mỗi ngày
-- severity: error
-- table: ref.organisation
WITH above AS (
    SELECT
        p.org_id,
        p.parent_id,
        coalesce(p.valid_from, DATE '0001-01-01') AS valid_from,
        coalesce(p.valid_to, DATE '9999-12-31') AS valid_to,
        parent.org_id IS NOT NULL AS is_known,
        coalesce(parent.valid_from, DATE '0001-01-01') AS parent_from,
        coalesce(parent.valid_to, DATE '9999-12-31') AS parent_to
    FROM ref.organisation_parent AS p
    LEFT JOIN ref.organisation AS parent ON parent.org_id = p.parent_id
),
covered AS (
    SELECT
        org_id,
        bool_and(is_known) AS are_known,
        bool_and(valid_from >= parent_from AND valid_to <= parent_to) AS existed,
        -- Spans that follow each other without gap or overlap are as long as the whole.
        min(valid_from) AS valid_from,
        max(valid_to) AS valid_to,
        sum(valid_to - valid_from + 1) AS days
    FROM above
    GROUP BY org_id
)
SELECT
    o.org_id,
    o.name_vi,
    o.parent_id,
    CASE
        WHEN c.org_id IS NULL THEN 'no body above it'
        WHEN NOT c.are_known THEN 'the body above it does not exist'
        WHEN NOT c.existed THEN 'the body above it did not exist on all of the days'
        ELSE 'on some days no body above it, or several'
    END AS detail_en,
    CASE
        WHEN c.org_id IS NULL THEN 'không có cơ quan cấp trên'
        WHEN NOT c.are_known THEN 'cơ quan cấp trên không tồn tại'
        WHEN NOT c.existed THEN 'có ngày cơ quan cấp trên không tồn tại'
        ELSE 'có ngày không có cơ quan cấp trên, hoặc có nhiều'
    END AS detail_vi
FROM ref.organisation AS o
LEFT JOIN covered AS c ON c.org_id = o.org_id
WHERE o.org_id NOT IN ('VN', 'UN-MEMBERS')
  AND (
      c.org_id IS NULL
      OR NOT c.are_known
      OR NOT c.existed
      OR c.valid_from <> coalesce(o.valid_from, DATE '0001-01-01')
      OR c.valid_to <> coalesce(o.valid_to, DATE '9999-12-31')
      OR c.days <> c.valid_to - c.valid_from + 1
  )
ORDER BY o.org_id
