-- Online services with at least one online dossier in the year: one row per agency whose catalogue has such services and of
-- which dossiers came, and per body above it. Gives org_id, numerator, denominator. Needs $period_start and $period_end.
-- A service counts once for each agency that provides it, by its level on the last day of the period.
WITH offered AS (
    SELECT org_id, procedure
    FROM fact.service_catalogue
    WHERE level IN ('full', 'partial')
      AND $period_end BETWEEN first_on AND last_on
),
counted AS (
    SELECT org_id, procedure, sum(received_online) AS online
    FROM fact.procedure_count
    WHERE half_from BETWEEN $period_start AND $period_end
      AND received > 0
    GROUP BY org_id, procedure
),
received AS (
    SELECT above.above_id AS org_id, counted.procedure, sum(counted.online) AS online
    FROM counted
    JOIN ref.organisation_above AS above
        ON above.org_id = counted.org_id
        AND $period_end BETWEEN above.first_on AND above.last_on
        AND $period_start BETWEEN above.held_from AND above.held_to
    WHERE above.above_id IN (SELECT org_id FROM offered)
    GROUP BY above.above_id, counted.procedure
),
service AS (
    SELECT org_id, procedure
    FROM offered
    -- Where no dossier came at all, nothing is known of its services.
    WHERE org_id IN (SELECT org_id FROM received)
)
SELECT
    above.over_id AS org_id,
    count(*) FILTER (WHERE received.online > 0) AS numerator,
    count(*) AS denominator
FROM service
JOIN ref.organisation_over AS above ON above.org_id = service.org_id
LEFT JOIN received
    ON received.org_id = service.org_id
    AND received.procedure = service.procedure
GROUP BY above.over_id
ORDER BY above.over_id
