-- Answers about satisfaction: one row per body, wave, instrument, topic, question and answer, with how many gave it.
-- Forms come counted, survey files are counted here; an unanswered question is not an answer.
SELECT org_id, wave AS period, instrument, topic, question, answer, CAST(sum(count) AS BIGINT) AS count
FROM (
    SELECT org_id, wave, instrument, topic, question, answer, count
    FROM fact.satisfaction
    UNION ALL
    SELECT org_id, wave, instrument, topic, question, answer, 1
    FROM fact.satisfaction_response
    WHERE answer IS NOT NULL
)
GROUP BY ALL
