-- Parts of the 766 index: one row per organisation, period and part of the tree.
-- Gives org_id, period, part, value, numerator, denominator, state, published, among.
-- Counts where the portal showed them; of the provinces of which only groups were shown, their printed scores.
WITH counted AS (
    SELECT
        org_id,
        period,
        CASE part
            WHEN '1.1 published on time' THEN 'published-on-time'
            WHEN '1.2 updated on time' THEN 'updated-on-time'
            WHEN '1.3 full content' THEN 'full-content'
            WHEN '1.4 dossiers synced' THEN 'synchronised'
            WHEN 'dossiers paid online' THEN 'paid-dossiers'
            WHEN 'fee procedures with an online payment' THEN 'paid-procedures'
            WHEN 'fee procedures payable online' THEN 'payable-procedures'
            WHEN '4.1 e-results' THEN 'electronic-results'
            WHEN '4.2 digitised papers' THEN 'digitised-papers'
            WHEN '4.3 reuse' THEN 'reused-data'
            WHEN '4.4 personal storage' THEN 'personal-storage'
            WHEN '4.5a procedures with population data' THEN 'population-procedures'
            WHEN '4.5b dossiers with population data' THEN 'population-dossiers'
            WHEN '5.2 petitions on time' THEN 'petitions-on-time'
            WHEN '5.3 satisfied with petition answer' THEN 'petition-answers'
            WHEN '5.4 receiving and handling' THEN 'handling'
        END AS part,
        numerator,
        denominator,
        score AS published
    FROM fact.index766_part
),
on_time AS (
    SELECT p.org_id, p.period, p.on_time AS numerator, p.received AS denominator, shown.score AS published
    FROM fact.progress AS p
    LEFT JOIN fact.index766_part AS shown
        ON shown.org_id = p.org_id
        AND shown.period = p.period
        AND shown.part = '2.1 on time'
),
row_of_part AS (
    SELECT org_id, period, part, NULL AS value, numerator, denominator, NULL AS state, published
    FROM counted
    WHERE part IS NOT NULL
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
    UNION ALL
    -- Groups of which no part was shown go in as they were printed.
    SELECT org_id, period, breakdown, value, NULL, NULL, NULL, value
    FROM fact.index766_score
    WHERE breakdown IS NOT NULL
    UNION ALL
    SELECT org_id, period, 'index766', NULL, NULL, NULL, NULL, value
    FROM fact.index766_score
    WHERE breakdown IS NULL
    UNION ALL
    SELECT org_id, period, part, NULL, NULL, NULL, NULL, score
    FROM fact.index766_printed
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
