-- kept: yes
-- How long dossiers took that ended with a result: one row per settling body, rule of the end, half month of the end (named as
-- in `fact.dossier_count`) and whole hours from receipt, with how many took so long.
WITH ended AS (
    SELECT
        rule.finish,
        judged.org_id,
        judged.received_at,
        CASE rule.finish WHEN 'returned' THEN judged.handed_at ELSE judged.processed_at END AS ended_at
    FROM fact.dossier_case AS judged
    CROSS JOIN (VALUES ('processed'), ('returned')) AS rule(finish)
    WHERE judged.status NOT IN (3, 7, 8)
)
SELECT
    finish,
    org_id,
    CAST(date_trunc('month', ended_at) AS DATE) + CASE WHEN day(ended_at) >= 15 THEN 14 ELSE 0 END AS ended_from,
    date_diff('second', received_at, ended_at) // 3600 AS hours,
    count(*) AS dossiers
FROM ended
WHERE ended_at >= received_at
GROUP BY ALL
