-- Quarters of reports: one row per quarter of either calendar, with the quarter before it.
-- `number` counts the administrative quarters: four times the year, and 0 to 3; the quarter of a day is
-- (12 * year + month - 1, and one more from the 15th on) // 3.
WITH quarter AS (
    SELECT
        number,
        make_date(number // 4, 3 * (number % 4) + 1, 1) AS first_of_civil,
        number // 4 || '-Q' || number % 4 + 1 AS name,
        (number - 1) // 4 || '-Q' || (number - 1) % 4 + 1 AS former
    FROM (SELECT unnest(range(4 * 2015, 4 * 2051)) AS number)
)
SELECT
    number,
    name AS period,
    'civil' AS calendar,
    first_of_civil AS first_on,
    CAST(first_of_civil + INTERVAL 3 MONTHS - INTERVAL 1 DAY AS DATE) AS last_on,
    former
FROM quarter
UNION ALL
SELECT
    number,
    name || '-adm',
    'administrative',
    CAST(first_of_civil - INTERVAL 1 MONTH + INTERVAL 14 DAYS AS DATE),
    CAST(first_of_civil + INTERVAL 2 MONTHS + INTERVAL 13 DAYS AS DATE),
    former || '-adm'
FROM quarter
