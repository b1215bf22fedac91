-- What earlier vintages had of an indicator that counts people: one row per number and stretch of vintages in which it was the
-- same. Of a number that was withheld these are the counts that it was withheld with. Needs $indicator and $vintage.
WITH withheld AS (
    SELECT
        org_id,
        period,
        breakdown,
        numerator,
        denominator,
        vintage,
        lead(vintage) OVER (PARTITION BY org_id, period, breakdown ORDER BY vintage) AS next_vintage
    FROM out.withheld_history
    WHERE indicator = $indicator
        AND vintage < $vintage
),
known AS (
    SELECT
        org_id,
        period,
        breakdown,
        numerator,
        denominator,
        missing,
        vintage,
        CASE WHEN superseded_in < $vintage THEN superseded_in END AS until
    FROM out.observation_history
    WHERE indicator = $indicator
        AND vintage < $vintage
        AND coalesce(missing, 'nothing-to-count') IN ('nothing-to-count', 'withheld')
)
SELECT
    k.org_id,
    k.period,
    k.breakdown,
    coalesce(w.numerator, k.numerator) AS numerator,
    coalesce(w.denominator, k.denominator) AS denominator,
    coalesce(CAST(g.level AS VARCHAR), '') AS level,
    w.vintage IS NULL AS was_shown,
    w.vintage IS NOT NULL AS was_withheld,
    greatest(k.vintage, w.vintage) AS since,
    least(k.until, w.next_vintage) AS until
FROM known AS k
LEFT JOIN withheld AS w
    ON k.missing = 'withheld'
    AND w.org_id = k.org_id
    AND w.period = k.period
    AND w.breakdown = k.breakdown
    AND w.vintage < coalesce(k.until, $vintage)
    AND coalesce(w.next_vintage, $vintage) > k.vintage
LEFT JOIN ref.organisation AS g ON CAST(g.org_id AS VARCHAR) = k.org_id
WHERE coalesce(w.numerator, k.numerator) IS NOT NULL
ORDER BY k.org_id, k.period, k.breakdown, since
