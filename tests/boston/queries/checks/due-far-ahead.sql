-- title: The due date lies after 2030
-- severity: warning
-- table: fact.dossier
SELECT
    dossier_id,
    'due ' || CAST(due_at AS VARCHAR) AS detail
FROM fact.dossier
WHERE due_at >= CAST('2031-01-01' AS TIMESTAMP)
ORDER BY dossier_id
