-- kept: by agency_code of fact.dossier
-- Dossiers counted for the indicator, which reads these sums instead of every dossier: one row per agency and day of receipt.
SELECT
    agency_code,
    CAST(received_at AS DATE) AS received_on,
    count(*) AS dossiers,
    count(*) FILTER (WHERE channel = 2) AS online
FROM fact.dossier
GROUP BY agency_code, CAST(received_at AS DATE)
