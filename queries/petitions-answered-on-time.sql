-- Petitions answered on time: one row per body that received one in the period, and per body above it.
-- Gives org_id, numerator, denominator. Needs $period_start and $period_end. What is judged is the state on the last day of
-- the period: an answer of a later day is not there yet, and a petition that is not yet due counts on neither side.
WITH judged AS (
    SELECT org_id, answered_on <= due_on AND answered_on <= CAST($period_end AS DATE) AS is_on_time
    FROM fact.petition_due
    WHERE received_on BETWEEN CAST($period_start AS DATE) AND CAST($period_end AS DATE)
      AND due_on IS NOT NULL
      AND (answered_on <= CAST($period_end AS DATE) OR due_on < CAST($period_end AS DATE))
)
SELECT
    above.over_id AS org_id,
    count(*) FILTER (WHERE is_on_time) AS numerator,
    count(*) AS denominator
FROM judged
JOIN ref.organisation_over AS above ON above.org_id = judged.org_id
GROUP BY above.over_id
ORDER BY above.over_id
