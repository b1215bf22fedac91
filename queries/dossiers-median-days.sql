-- Median days from receipt to end: one row per settling body that resolved a dossier in the period, and per body above, whose
-- median is that of all dossiers below it. Gives org_id, value. Needs $period_start, $period_end and $finish.
-- Durations are taken to the hour, so that equal ones are counted before they are put in order.
WITH summed AS (
    SELECT above.above_id AS org_id, counted.hours, sum(counted.dossiers) AS dossiers
    FROM fact.dossier_duration AS counted
    JOIN ref.organisation_above AS above
        ON above.org_id = counted.org_id
        AND $period_end BETWEEN above.first_on AND above.last_on
    WHERE counted.finish = $finish
      AND counted.ended_from BETWEEN $period_start AND $period_end
    GROUP BY above.above_id, counted.hours
),
placed AS (
    SELECT
        org_id,
        hours,
        sum(dossiers) OVER (PARTITION BY org_id ORDER BY hours) AS up_to,
        sum(dossiers) OVER (PARTITION BY org_id) AS total
    FROM summed
)
SELECT
    org_id,
    -- The middle one, or between the two in the middle.
    CAST(
        min(hours) FILTER (WHERE 2 * up_to >= total) + min(hours) FILTER (WHERE 2 * up_to > total) AS DOUBLE
    ) / 48 AS value
FROM placed
GROUP BY org_id
ORDER BY org_id
