-- Mean days from receipt to end: one row per settling body that resolved a dossier in the period, and per body above.
-- Gives org_id, numerator (days of all of them, parts of a day counted), denominator (dossiers). Needs $period_start, $period_end and $finish.
WITH ended AS (
    SELECT
        org_id,
        received_at,
        CASE $finish WHEN 'returned' THEN handed_at ELSE processed_at END AS ended_at
    FROM fact.dossier_case
    WHERE status NOT IN (3, 7, 8)
),
resolved AS (
    SELECT
        org_id,
        sum(date_diff('second', received_at, ended_at)) AS seconds,
        count(*) AS dossiers
    FROM ended
    WHERE CAST(ended_at AS DATE) BETWEEN $period_start AND $period_end
      AND ended_at >= received_at
    GROUP BY org_id
)
SELECT
    above.above_id AS org_id,
    CAST(sum(resolved.seconds) AS DOUBLE) / 86400 AS numerator,
    CAST(sum(resolved.dossiers) AS BIGINT) AS denominator
FROM resolved
JOIN ref.organisation_above AS above
    ON above.org_id = resolved.org_id
    AND $period_end BETWEEN above.first_on AND above.last_on
GROUP BY above.above_id
ORDER BY above.above_id
