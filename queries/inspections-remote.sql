-- Inspections done through digital systems: one row per body and period, and per body above it.
-- Gives org_id, period, numerator, denominator. What was sent without one of the two counts on neither side.
SELECT
    above.over_id AS org_id,
    sent.period,
    CAST(sum(CASE WHEN sent.inspections IS NOT NULL THEN sent.remote END) AS BIGINT) AS numerator,
    CAST(sum(CASE WHEN sent.remote IS NOT NULL THEN sent.inspections END) AS BIGINT) AS denominator
FROM fact.inspection AS sent
JOIN ref.organisation_over AS above ON above.org_id = sent.org_id
GROUP BY above.over_id, sent.period
ORDER BY above.over_id, sent.period
