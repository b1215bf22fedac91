-- Parts of the 766 index: one row per organisation, period and part of the tree.
-- Gives org_id, period, part, value, numerator, denominator, state, published, among.
-- Counts where the portal showed them; of the provinces of which only groups were shown, their printed scores.
WITH counted AS (
    SELECT shown.org_id, shown.period, named.part, shown.numerator, shown.denominator, shown.score AS published
    FROM fact.index766_part AS shown
    JOIN ref.index766_part AS named ON named.portal_name = shown.part
),
on_time AS (
    SELECT p.org_id, p.period, p.on_time AS numerator, p.received AS denominator, shown.score AS published
    FROM fact.progress AS p
    LEFT JOIN fact.index766_part AS shown
        ON shown.org_id = p.org_id
        AND shown.period = p.period
        AND shown.part = '2.1 on time'
),
part_shown AS (
    SELECT org_id, period, part, NULL AS value, numerator, denominator, NULL AS state, published
    FROM counted
    UNION ALL
    SELECT org_id, period, 'on-time', NULL, numerator, denominator, NULL, published
    FROM on_time
    UNION ALL
    -- The service is offered or not; the portal shows that as all of its points or none.
    SELECT
        org_id, period, 'certified-copy', NULL, NULL, NULL,
        CASE WHEN score = max_score THEN 'offered' WHEN score = 0 THEN 'not-offered' END,
        score
    FROM fact.index766_part
    WHERE part = 'certified e-copy'
),
-- Where no part of a province was shown, its groups go in as they were printed.
row_of_part AS (
    FROM part_shown
    UNION ALL
    SELECT
        printed.org_id,
        printed.period,
        coalesce(printed.breakdown, 'index766'),
        CASE WHEN printed.breakdown IS NOT NULL AND known.org_id IS NULL THEN printed.value END,
        NULL,
        NULL,
        NULL,
        printed.value
    FROM fact.index766_score AS printed
    LEFT JOIN (SELECT DISTINCT org_id, period FROM part_shown) AS known
        ON known.org_id = printed.org_id
        AND known.period = printed.period
)
SELECT
    r.org_id,
    r.period,
    r.part,
    r.value,
    r.numerator,
    r.denominator,
    r.state,
    r.published,
    o.level AS among
FROM row_of_part AS r
JOIN ref.organisation AS o ON o.org_id = r.org_id
ORDER BY r.org_id, r.period, r.part
