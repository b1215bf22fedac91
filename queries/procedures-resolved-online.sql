-- Procedures resolved online: one row per settling body that gave a result in the period, and per body above, each of which
-- counts a procedure once. Gives org_id, numerator, denominator. Needs $period_start and $period_end.
WITH counted AS (
    SELECT org_id, procedure, sum(resolved_online) AS online
    FROM fact.procedure_count
    WHERE half_from BETWEEN $period_start AND $period_end
      AND resolved > 0
    GROUP BY org_id, procedure
),
resolved AS (
    SELECT above.above_id AS org_id, counted.procedure, sum(counted.online) AS online
    FROM counted
    JOIN ref.organisation_above AS above
        ON above.org_id = counted.org_id
        AND $period_end BETWEEN above.first_on AND above.last_on
        AND $period_start BETWEEN above.held_from AND above.held_to
    GROUP BY above.above_id, counted.procedure
)
SELECT
    org_id,
    count(*) FILTER (WHERE online > 0) AS numerator,
    count(*) AS denominator
FROM resolved
GROUP BY org_id
ORDER BY org_id
