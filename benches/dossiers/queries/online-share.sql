-- Dossiers submitted online, in the country. Gives org_id, numerator, denominator. Needs $period_start and $period_end.
SELECT
    'VN' AS org_id,
    CAST(sum(online) AS BIGINT) AS numerator,
    CAST(sum(dossiers) AS BIGINT) AS denominator
FROM fact.dossier_count
WHERE received_on BETWEEN CAST($period_start AS DATE) AND CAST($period_end AS DATE)
