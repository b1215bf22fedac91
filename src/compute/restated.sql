-- What is known of the parts of each restated number: one row per indicator, body of the map, period and breakdown.
-- Sums run over the parts that have a number, each times its share. Needs $stocks.
-- A count that is nowhere among the pieces of a total is none where these make the whole of it: queries give no row for zero.
WITH wanted AS (
    SELECT DISTINCT o.indicator, p.org_id, p.period, p.at_end, o.breakdown
    FROM out.restated_part AS p
    JOIN out.observation AS o ON o.org_id = p.part_org_id AND o.period = p.period
    WHERE p.at_end = list_contains(string_split($stocks, ','), o.indicator)
),
in_pieces AS (
    SELECT o.indicator, o.org_id, o.period, any_value(o.formula) AS formula
    FROM out.observation AS o
    JOIN meta.indicator AS i ON i.indicator = o.indicator AND i.shape = 'count'
    WHERE o.org_id IN (SELECT part_org_id FROM out.restated_part)
    GROUP BY o.indicator, o.org_id, o.period
    HAVING count(o.value) = count(*)
        AND max(o.value) FILTER (WHERE o.breakdown = '') = sum(o.value) FILTER (WHERE o.breakdown <> '')
),
given AS (
    SELECT indicator, org_id, period, breakdown, numerator, denominator, value, missing, formula, status
    FROM out.observation
    UNION ALL
    SELECT w.indicator, n.org_id, w.period, w.breakdown, 0, NULL, 0, NULL, n.formula, 'A'
    FROM (SELECT DISTINCT indicator, period, breakdown FROM wanted WHERE breakdown <> '') AS w
    JOIN in_pieces AS n ON n.indicator = w.indicator AND n.period = w.period
    ANTI JOIN out.observation AS o
        ON o.indicator = w.indicator AND o.org_id = n.org_id AND o.period = w.period AND o.breakdown = w.breakdown
)
SELECT
    w.indicator,
    w.org_id,
    w.period,
    w.breakdown,
    sum(o.numerator * p.share ORDER BY p.part_org_id) FILTER (WHERE o.value IS NOT NULL) AS numerator,
    sum(o.denominator * p.share ORDER BY p.part_org_id) FILTER (WHERE o.value IS NOT NULL) AS denominator,
    min(o.value) AS lowest_value,
    count(*) AS expected,
    count(*) FILTER (WHERE p.share IS NULL) AS of_unknown_share,
    count(*) FILTER (WHERE p.share < 1) AS divided,
    count(o.value) AS valued,
    count(*) FILTER (WHERE o.missing = 'nothing-to-count') AS nothing_to_count,
    count(*) FILTER (WHERE o.missing = 'not-applicable') AS not_applicable,
    count(*) FILTER (WHERE o.missing = 'withheld') AS withheld,
    count(*) FILTER (WHERE o.missing = 'not-comparable') AS not_comparable,
    min(o.formula) AS first_formula,
    max(o.formula) AS last_formula,
    string_agg(DISTINCT o.status, ' ' ORDER BY o.status) FILTER (WHERE o.value IS NOT NULL) AS statuses
FROM wanted AS w
JOIN out.restated_part AS p ON p.org_id = w.org_id AND p.period = w.period AND p.at_end = w.at_end
LEFT JOIN given AS o
    ON o.indicator = w.indicator AND o.org_id = p.part_org_id AND o.period = w.period AND o.breakdown = w.breakdown
GROUP BY w.indicator, w.org_id, w.period, w.breakdown
ORDER BY w.indicator, w.org_id, w.period, w.breakdown
