-- Procedures resolved online: one row per settling body that gave a result in the period, and per body above, each of which
-- counts a procedure once. Gives org_id, numerator, denominator. Needs $period_start and $period_end.
WITH resolved AS (
    SELECT
        above.above_id AS org_id,
        counted.procedure,
        sum(counted.resolved_online) AS online
    FROM fact.procedure_count AS counted
    JOIN ref.organisation_above AS above
        ON above.org_id = counted.org_id
        AND $period_end BETWEEN above.first_on AND above.last_on
    WHERE counted.half_from BETWEEN $period_start AND $period_end
      AND counted.resolved > 0
    GROUP BY above.above_id, counted.procedure
)
SELECT
    org_id,
    count(*) FILTER (WHERE online > 0) AS numerator,
    count(*) AS denominator
FROM resolved
GROUP BY org_id
ORDER BY org_id
