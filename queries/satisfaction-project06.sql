-- Satisfaction with the four fields of Project 06: one row per body and period, and per body above it, with a row for each field.
-- Gives org_id, period, breakdown, numerator, denominator. Needs $question and $count_do_not_know.
-- "Do not know" is in the denominator only where $count_do_not_know is 1.
SELECT
    org_id,
    period,
    topic AS breakdown,
    CAST(sum(satisfied) AS BIGINT) AS numerator,
    CAST(sum(answers - CASE WHEN $count_do_not_know = 0 THEN do_not_know ELSE 0 END) AS BIGINT) AS denominator
FROM fact.satisfaction_over
WHERE question = $question
  AND instrument = 'project-06'
  AND topic IN ('residence', 'civil-status', 'immigration', 'identity-card')
GROUP BY GROUPING SETS ((org_id, period), (org_id, period, topic))
HAVING GROUPING(topic) = 1 OR topic IS NOT NULL
ORDER BY org_id, period, topic NULLS FIRST
