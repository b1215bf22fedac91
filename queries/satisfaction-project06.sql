-- Satisfaction with the four fields of Project 06: one row per body and period, and per body above it, with a row for each part.
-- Gives org_id, period, breakdown, numerator, denominator. Needs $question and $count_do_not_know.
-- Satisfied are "very satisfied" and "satisfied"; "do not know" is in the denominator only where $count_do_not_know is 1.
WITH answered AS (
    SELECT
        org_id,
        period,
        instrument,
        topic,
        CASE WHEN answer IN ('very-satisfied', 'satisfied') THEN count ELSE 0 END AS satisfied,
        CASE WHEN answer = 'do-not-know' AND $count_do_not_know = 0 THEN 0 ELSE count END AS asked
    FROM fact.satisfaction_answer
    WHERE question = $question
      AND instrument = 'project-06'
      AND topic IN ('residence', 'civil-status', 'immigration', 'identity-card')
)
SELECT
    above.over_id AS org_id,
    answered.period,
    answered.topic AS breakdown,
    CAST(sum(answered.satisfied) AS BIGINT) AS numerator,
    CAST(sum(answered.asked) AS BIGINT) AS denominator
FROM answered
JOIN ref.organisation_over AS above ON above.org_id = answered.org_id
GROUP BY GROUPING SETS ((above.over_id, answered.period), (above.over_id, answered.period, answered.topic))
HAVING GROUPING(answered.topic) = 1 OR answered.topic IS NOT NULL
ORDER BY above.over_id, answered.period, answered.topic NULLS FIRST
