-- Results of individuals stored electronically with the personal identifier: one row per body and period, and per body above it.
-- Gives org_id, period, numerator, denominator. What was sent without one of the two counts on neither side.
SELECT
    above.over_id AS org_id,
    sent.period,
    CAST(sum(CASE WHEN sent.personal IS NOT NULL THEN sent.with_personal_id END) AS BIGINT) AS numerator,
    CAST(sum(CASE WHEN sent.with_personal_id IS NOT NULL THEN sent.personal END) AS BIGINT) AS denominator
FROM fact.result_stock AS sent
JOIN ref.organisation_over AS above ON above.org_id = sent.org_id
GROUP BY above.over_id, sent.period
ORDER BY above.over_id, sent.period
