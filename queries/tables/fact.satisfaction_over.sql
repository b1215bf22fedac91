-- kept: yes
-- Answers about satisfaction, summed: one row per body, period, instrument, topic and question, for the bodies that were
-- answered about and all that stand above them. Satisfied are "very satisfied" and "satisfied"; points are no answer in words.
SELECT
    above.over_id AS org_id,
    answer.period,
    answer.instrument,
    answer.topic,
    answer.question,
    CAST(coalesce(sum(answer.count) FILTER (WHERE answer.answer IN ('very-satisfied', 'satisfied')), 0) AS BIGINT) AS satisfied,
    CAST(coalesce(sum(answer.count) FILTER (WHERE answer.answer = 'do-not-know'), 0) AS BIGINT) AS do_not_know,
    CAST(sum(answer.count) AS BIGINT) AS answers
FROM fact.satisfaction_answer AS answer
JOIN ref.organisation_over AS above ON above.org_id = answer.org_id
WHERE answer.answer NOT IN ('0', '1', '2')
GROUP BY ALL
