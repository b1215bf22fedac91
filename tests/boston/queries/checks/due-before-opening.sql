-- title: The due date lies before the opening
-- severity: warning
-- table: fact.dossier
SELECT
    dossier_id,
    'opened ' || CAST(opened_at AS VARCHAR) || ', due ' || CAST(due_at AS VARCHAR) AS detail
FROM fact.dossier
WHERE due_at < opened_at
ORDER BY dossier_id
