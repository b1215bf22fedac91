-- title: Every agency code in the facts belongs to an organisation on its day
-- title_vi: Mọi mã cơ quan trong số liệu đều thuộc một tổ chức tại ngày của số liệu
-- severity: error
-- table: ref.organisation_code
WITH used AS (
    SELECT 'fact.index766_province' AS table_name, agency_code AS code, captured_on FROM fact.index766_province
    UNION
    SELECT 'fact.index766_subindicator', agency_code, captured_on FROM fact.index766_subindicator
    UNION
    SELECT 'fact.index766_unit', agency_code, captured_on FROM fact.index766_unit
    UNION
    SELECT 'fact.index766_unit', parent_code, captured_on FROM fact.index766_unit
)
SELECT
    used.table_name,
    used.code,
    used.captured_on,
    'organisations with this code on this day: ' || CAST(count(known.org_id) AS VARCHAR) AS detail
FROM used
LEFT JOIN ref.organisation_code AS known
    ON known.code_system = 'agency'
    AND known.code = used.code
    AND used.captured_on >= coalesce(known.valid_from, used.captured_on)
    AND used.captured_on <= coalesce(known.valid_to, used.captured_on)
GROUP BY used.table_name, used.code, used.captured_on
HAVING count(known.org_id) <> 1
ORDER BY used.table_name, used.code
