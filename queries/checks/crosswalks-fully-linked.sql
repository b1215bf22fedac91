-- title: Every row of the crosswalks is a link, or a body that went on unchanged
-- title_vi: Mỗi dòng của các bảng chuyển đổi là một liên kết, hoặc một tổ chức giữ nguyên
-- severity: error
-- table: ref.organisation
WITH expected AS (
    SELECT 'province' AS crosswalk, count(*) FILTER (WHERE kind <> 'unchanged') AS n FROM ref.province_crosswalk
    UNION ALL
    SELECT 'ministry', count(*) FROM ref.ministry_crosswalk
    UNION ALL
    SELECT 'commune', count(*) FILTER (WHERE kind <> 'unchanged') FROM ref.commune_crosswalk
),
found AS (
    SELECT new.level AS crosswalk, count(*) AS n
    FROM ref.organisation_link AS l
    JOIN ref.organisation AS new ON new.org_id = l.new_org_id
    GROUP BY new.level
)
SELECT
    expected.crosswalk,
    'rows ' || CAST(expected.n AS VARCHAR) || ', links ' || CAST(coalesce(found.n, 0) AS VARCHAR) AS detail_en,
    'số dòng ' || CAST(expected.n AS VARCHAR) || ', số liên kết ' || CAST(coalesce(found.n, 0) AS VARCHAR) AS detail_vi
FROM expected
LEFT JOIN found ON found.crosswalk = expected.crosswalk
WHERE expected.n <> coalesce(found.n, 0)
ORDER BY expected.crosswalk
