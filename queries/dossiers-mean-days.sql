-- Mean days from receipt to end: one row per settling body that resolved a dossier in the period, and per body above.
-- Gives org_id, numerator (days of all of them, parts of a day counted), denominator (dossiers). Needs $period_start, $period_end and $finish.
WITH counted AS (
    SELECT
        org_id,
        sum(seconds) AS seconds,
        sum(timed) AS timed
    FROM fact.dossier_count
    WHERE finish = $finish
      AND ended_from BETWEEN $period_start AND $period_end
      AND NOT is_closed
      AND timed > 0
    GROUP BY org_id
)
SELECT
    above.above_id AS org_id,
    CAST(sum(counted.seconds) AS DOUBLE) / 86400 AS numerator,
    CAST(sum(counted.timed) AS BIGINT) AS denominator
FROM counted
JOIN ref.organisation_above AS above
    ON above.org_id = counted.org_id
    AND $period_end BETWEEN above.first_on AND above.last_on
    AND $period_start BETWEEN above.held_from AND above.held_to
GROUP BY above.above_id
ORDER BY above.above_id
