-- title: Every organisation has one name on each of its days
-- title_vi: Mỗi tổ chức có đúng một tên tại mỗi ngày
-- severity: error
-- table: ref.organisation
WITH named AS (
    SELECT
        org_id,
        -- Spans that follow each other without gap or overlap are as long as the whole.
        min(coalesce(valid_from, DATE '0001-01-01')) AS valid_from,
        max(coalesce(valid_to, DATE '9999-12-31')) AS valid_to,
        sum(coalesce(valid_to, DATE '9999-12-31') - coalesce(valid_from, DATE '0001-01-01') + 1) AS days
    FROM ref.organisation_name
    GROUP BY org_id
)
SELECT
    coalesce(o.org_id, n.org_id) AS org_id,
    o.name_vi,
    o.name_en,
    CASE
        WHEN o.org_id IS NULL THEN 'a name, but no organisation'
        WHEN n.org_id IS NULL THEN 'no name'
        ELSE 'on some days no name, or several'
    END AS detail_en,
    CASE
        WHEN o.org_id IS NULL THEN 'có tên nhưng không có tổ chức'
        WHEN n.org_id IS NULL THEN 'không có tên'
        ELSE 'có ngày không có tên, hoặc có nhiều tên'
    END AS detail_vi
FROM ref.organisation AS o
FULL OUTER JOIN named AS n ON n.org_id = o.org_id
WHERE o.org_id IS NULL
   OR n.org_id IS NULL
   OR n.valid_from <> coalesce(o.valid_from, DATE '0001-01-01')
   OR n.valid_to <> coalesce(o.valid_to, DATE '9999-12-31')
   OR n.days <> n.valid_to - n.valid_from + 1
UNION ALL
SELECT
    dated.org_id,
    dated.name_vi,
    dated.name_en,
    'the list of dated names speaks of a body that is not in the list of agencies',
    'danh mục tên theo ngày nêu một tổ chức không có trong danh mục cơ quan'
FROM ref.dated_name AS dated
LEFT JOIN ref.agency_body AS body ON body.org_id = dated.org_id
WHERE body.org_id IS NULL
ORDER BY 1
