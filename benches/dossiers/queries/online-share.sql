-- Dossiers submitted online, in the country. Gives org_id, numerator, denominator. Needs $period_start and $period_end.
-- A moment is compared with a moment: a day of each row would have to be worked out.
SELECT
    'VN' AS org_id,
    count(*) FILTER (WHERE channel = 2) AS numerator,
    count(*) AS denominator
FROM fact.dossier
WHERE received_at >= CAST($period_start AS TIMESTAMP)
  AND received_at < CAST($period_end AS DATE) + INTERVAL 1 DAY
