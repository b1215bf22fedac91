-- title: The repeated entries of the register agree on the title
-- severity: error
-- table: ref.register_english
SELECT
    org_id,
    CAST(count(*) AS VARCHAR) || ' different titles' AS detail
FROM ref.organisation_title
GROUP BY org_id
HAVING count(*) > 1
ORDER BY org_id
