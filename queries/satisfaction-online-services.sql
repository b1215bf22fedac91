-- Satisfaction with online services: one row per body and period, and per body above it.
-- Gives org_id, period, numerator, denominator. Needs $instrument, $question and $count_do_not_know.
-- "Do not know" is in the denominator only where $count_do_not_know is 1.
SELECT
    org_id,
    period,
    CAST(sum(satisfied) AS BIGINT) AS numerator,
    CAST(sum(answers - CASE WHEN $count_do_not_know = 0 THEN do_not_know ELSE 0 END) AS BIGINT) AS denominator
FROM fact.satisfaction_over
WHERE question = $question
  AND instrument = $instrument
GROUP BY org_id, period
ORDER BY org_id, period
