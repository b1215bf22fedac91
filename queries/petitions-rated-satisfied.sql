-- Petitions whose sender was satisfied: one row per body that received a rated one in the period, and per body above it.
-- Gives org_id, numerator, denominator. Needs $period_start and $period_end. Who gave no rating counts on neither side.
WITH judged AS (
    SELECT org_id, rating
    FROM fact.petition_due
    WHERE received_on BETWEEN CAST($period_start AS DATE) AND CAST($period_end AS DATE)
      AND rating IS NOT NULL
)
SELECT
    above.over_id AS org_id,
    count(*) FILTER (WHERE rating = 'satisfied') AS numerator,
    count(*) AS denominator
FROM judged
JOIN ref.organisation_over AS above ON above.org_id = judged.org_id
GROUP BY above.over_id
ORDER BY above.over_id
