-- Electronic results of the named services: one row per settling body that gave a result of one of them, and per body above.
-- Gives org_id, numerator, denominator. Needs $period_start and $period_end.
WITH named AS (
    SELECT DISTINCT procedure
    FROM ref.named_procedure
    WHERE procedure IS NOT NULL
),
counted AS (
    SELECT
        counted.org_id,
        sum(counted.resolved_with_link) AS with_link,
        sum(counted.resolved) AS resolved
    FROM fact.procedure_count AS counted
    JOIN named ON named.procedure = counted.procedure
    WHERE counted.half_from BETWEEN $period_start AND $period_end
      AND counted.resolved > 0
    GROUP BY counted.org_id
)
SELECT
    above.above_id AS org_id,
    CAST(sum(counted.with_link) AS BIGINT) AS numerator,
    CAST(sum(counted.resolved) AS BIGINT) AS denominator
FROM counted
JOIN ref.organisation_above AS above
    ON above.org_id = counted.org_id
    AND $period_end BETWEEN above.first_on AND above.last_on
    AND $period_start BETWEEN above.held_from AND above.held_to
GROUP BY above.above_id
ORDER BY above.above_id
