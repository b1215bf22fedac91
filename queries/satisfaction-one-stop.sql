-- Satisfaction at one-stop shops and service centres: one row per body and period, and per body above it, with a row for each instrument.
-- Gives org_id, period, breakdown, numerator, denominator. Needs $question and $count_do_not_know.
-- "Do not know" is in the denominator only where $count_do_not_know is 1.
SELECT
    org_id,
    period,
    instrument AS breakdown,
    CAST(sum(satisfied) AS BIGINT) AS numerator,
    CAST(sum(answers - CASE WHEN $count_do_not_know = 0 THEN do_not_know ELSE 0 END) AS BIGINT) AS denominator
FROM fact.satisfaction_over
WHERE question = $question
  AND instrument IN ('one-stop-form', 'service-centre')
GROUP BY GROUPING SETS ((org_id, period), (org_id, period, instrument))
HAVING GROUPING(instrument) = 1 OR instrument IS NOT NULL
ORDER BY org_id, period, instrument NULLS FIRST
