-- Dossiers as they were last heard of: of every dossier the state that was delivered last, and in one file the last row.
SELECT dossier.*
FROM fact.dossier AS dossier
SEMI JOIN (
    SELECT max(row_id) AS row_id
    FROM fact.dossier
    GROUP BY dossier_code
) AS last ON last.row_id = dossier.row_id
