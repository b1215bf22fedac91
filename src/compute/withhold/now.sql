-- Numbers of an indicator that counts people, with what decides whether they are shown: one row per number that has its counts.
-- Needs $indicator and $vintage.
SELECT
    o.org_id,
    o.period,
    o.breakdown,
    o.numerator,
    o.denominator,
    coalesce(CAST(g.level AS VARCHAR), '') AS level,
    EXISTS (
        SELECT 1
        FROM out.observation_history AS h
        WHERE h.indicator = o.indicator
            AND h.org_id = o.org_id
            AND h.period = o.period
            AND h.breakdown = o.breakdown
            AND h.vintage < $vintage
            AND h.missing IS NULL
            AND h.numerator = o.numerator
            AND h.denominator IS NOT DISTINCT FROM o.denominator
    ) AS was_shown,
    EXISTS (
        SELECT 1
        FROM out.withheld_history AS w
        WHERE w.indicator = o.indicator
            AND w.org_id = o.org_id
            AND w.period = o.period
            AND w.breakdown = o.breakdown
            AND w.vintage < $vintage
            AND w.numerator = o.numerator
            AND w.denominator IS NOT DISTINCT FROM o.denominator
    ) AS was_withheld
FROM out.next_observation AS o
LEFT JOIN ref.organisation AS g ON CAST(g.org_id AS VARCHAR) = o.org_id
WHERE o.indicator = $indicator
    AND o.numerator IS NOT NULL
    AND coalesce(o.missing, 'nothing-to-count') = 'nothing-to-count'
ORDER BY o.org_id, o.period, o.breakdown
