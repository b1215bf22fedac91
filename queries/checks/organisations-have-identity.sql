-- title: Every organisation has one identity, a level and names in both languages
-- title_vi: Mỗi tổ chức có một định danh, một cấp và tên bằng hai ngôn ngữ
-- severity: error
-- table: ref.organisation
SELECT
    o.org_id,
    min(o.name_vi) AS name_vi,
    'rows ' || CAST(count(*) AS VARCHAR) || ', known levels ' || CAST(count(l.level) AS VARCHAR)
        || ', Vietnamese names ' || CAST(count(o.name_vi) AS VARCHAR)
        || ', English names ' || CAST(count(o.name_en) AS VARCHAR) AS detail_en,
    'số dòng ' || CAST(count(*) AS VARCHAR) || ', số cấp đã biết ' || CAST(count(l.level) AS VARCHAR)
        || ', tên tiếng Việt ' || CAST(count(o.name_vi) AS VARCHAR)
        || ', tên tiếng Anh ' || CAST(count(o.name_en) AS VARCHAR) AS detail_vi
FROM ref.organisation AS o
LEFT JOIN ref.level AS l ON l.level = o.level
GROUP BY o.org_id
HAVING o.org_id IS NULL
    OR count(*) <> 1
    OR count(l.level) <> 1
    OR count(o.name_vi) <> 1
    OR count(o.name_en) <> 1
ORDER BY o.org_id
