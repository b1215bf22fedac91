-- Dossiers as they were last heard of: of every dossier the state that was delivered last, and in one file the last row.
-- A code that does not say whose it is, such as `260801-0001`, is told apart by the receiving body: two may have given it.
--
-- has_ended   any state of it has an end, the last or one before
SELECT
    dossier.*,
    last.has_ended
FROM fact.dossier AS dossier
JOIN (
    SELECT
        max(row_id) AS row_id,
        count(coalesce(finished_at, returned_at, refused_at)) > 0 AS has_ended
    FROM fact.dossier
    GROUP BY CASE
        WHEN dossier_code >= 'A' OR regexp_matches(dossier_code, '[A-Z]') THEN dossier_code
        ELSE concat(dossier_code, ' ', coalesce(receiving_org_id, receiving_code))
    END
) AS last ON last.row_id = dossier.row_id
