-- Mean days from receipt to end: one row per settling body that resolved a dossier in the period, and per body above.
-- Gives org_id, numerator (days of all of them, parts of a day counted), denominator (dossiers). Needs $period_start, $period_end and $finish.
SELECT
    above.above_id AS org_id,
    CAST(sum(counted.seconds) AS DOUBLE) / 86400 AS numerator,
    CAST(sum(counted.timed) AS BIGINT) AS denominator
FROM fact.dossier_count AS counted
JOIN ref.organisation_above AS above
    ON above.org_id = counted.org_id
    AND $period_end BETWEEN above.first_on AND above.last_on
WHERE counted.finish = $finish
  AND counted.ended_from BETWEEN $period_start AND $period_end
  AND NOT counted.is_closed
  AND counted.timed > 0
GROUP BY above.above_id
ORDER BY above.above_id
