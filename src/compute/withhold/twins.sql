-- Counts that two indicators have in common under different names: one row per pair of them that are the same for every body
-- and period that both have, where at least two of these count somebody. Needs $indicators, a list in JSON.
WITH number AS (
    SELECT indicator, org_id, period, breakdown, numerator, denominator
    FROM out.next_observation
    WHERE list_contains(from_json($indicators::JSON, '["VARCHAR"]'), indicator)
        AND numerator IS NOT NULL
        AND coalesce(missing, 'nothing-to-count') = 'nothing-to-count'
),
part AS (
    SELECT indicator, org_id, period, breakdown, 'numerator' AS part, numerator AS counted
    FROM number
    UNION ALL
    SELECT indicator, org_id, period, breakdown, 'denominator', denominator
    FROM number
    WHERE denominator IS NOT NULL
    UNION ALL
    SELECT indicator, org_id, period, breakdown, 'difference', denominator - numerator
    FROM number
    WHERE denominator IS NOT NULL
)
SELECT a.indicator, a.breakdown, a.part, b.indicator, b.breakdown, b.part
FROM part AS a
JOIN part AS b ON b.org_id = a.org_id AND b.period = a.period AND b.indicator > a.indicator
GROUP BY ALL
HAVING bool_and(a.counted = b.counted) AND count(*) FILTER (WHERE a.counted > 0) >= 2
ORDER BY ALL
