-- Dossiers as they were last heard of: of every dossier the state that was delivered last, and in one file the last row.
-- A code that does not say whose it is, such as `260801-0001`, is told apart by the receiving body: two may have given it.
SELECT dossier.*
FROM fact.dossier AS dossier
SEMI JOIN (
    SELECT max(row_id) AS row_id
    FROM fact.dossier
    GROUP BY CASE
        WHEN dossier_code >= 'A' OR regexp_matches(dossier_code, '[A-Z]') THEN dossier_code
        ELSE concat(dossier_code, ' ', coalesce(receiving_org_id, receiving_code))
    END
) AS last ON last.row_id = dossier.row_id
