-- Dossiers submitted online, in the country. Gives org_id, numerator, denominator. Needs $period_start and $period_end.
SELECT
    'VN' AS org_id,
    count(*) FILTER (WHERE channel = 2) AS numerator,
    count(*) AS denominator
FROM fact.dossier
WHERE CAST(received_at AS DATE) BETWEEN $period_start AND $period_end
