-- Median days from receipt to end: one row per settling body that resolved a dossier in the period, and per body above, whose
-- median is that of all dossiers below it. Gives org_id, value. Needs $period_start, $period_end and $finish.
-- Durations are taken to the hour, so that equal ones are counted before they are put in order. Ends are compared as moments,
-- not as days, so that rows of other periods are not read; counts are added as floats, exact up to 2^53 and quicker in a window.
WITH ended AS (
    SELECT
        org_id,
        received_at,
        CASE $finish WHEN 'returned' THEN handed_at ELSE processed_at END AS ended_at
    FROM fact.dossier_case
    WHERE status NOT IN (3, 7, 8)
),
duration AS (
    SELECT
        org_id,
        date_diff('second', received_at, ended_at) // 3600 AS hours,
        count(*) AS dossiers
    FROM ended
    WHERE ended_at >= CAST($period_start AS TIMESTAMP)
      AND ended_at < CAST($period_end AS DATE) + INTERVAL 1 DAY
      AND ended_at >= received_at
    GROUP BY 1, 2
),
summed AS (
    SELECT above.above_id AS org_id, duration.hours, CAST(sum(duration.dossiers) AS DOUBLE) AS dossiers
    FROM duration
    JOIN ref.organisation_above AS above
        ON above.org_id = duration.org_id
        AND $period_end BETWEEN above.first_on AND above.last_on
        AND $period_start BETWEEN above.held_from AND above.held_to
    GROUP BY above.above_id, duration.hours
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
