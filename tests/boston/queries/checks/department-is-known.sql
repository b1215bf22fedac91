-- title: Every department code is known
-- severity: error
-- table: fact.dossier
SELECT
    dossier.department_code,
    'no organisation has this code, ' || CAST(count(*) AS VARCHAR) || ' requests' AS detail
FROM fact.dossier AS dossier
LEFT JOIN ref.department AS department ON department.department_code = dossier.department_code
WHERE department.org_id IS NULL
GROUP BY dossier.department_code
ORDER BY dossier.department_code
