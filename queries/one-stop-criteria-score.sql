-- One-stop shops by the criteria: one row per body and period, and per body above it.
-- Gives org_id, period, numerator, denominator. An answer gives 2, 1 or 0 points; an unanswered question gives neither side any.
WITH scored AS (
    SELECT org_id, period, CAST(answer AS INTEGER) * count AS points, 2 * count AS most
    FROM fact.satisfaction_answer
    WHERE instrument = 'one-stop-criteria'
      AND answer IN ('2', '1', '0')
)
SELECT
    above.over_id AS org_id,
    scored.period,
    CAST(sum(scored.points) AS BIGINT) AS numerator,
    CAST(sum(scored.most) AS BIGINT) AS denominator
FROM scored
JOIN ref.organisation_over AS above ON above.org_id = scored.org_id
GROUP BY above.over_id, scored.period
ORDER BY above.over_id, scored.period
