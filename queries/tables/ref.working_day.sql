-- Working days of state offices: one row per day of the years whose holidays are known, with how many working days
-- there were up to it. Saturdays and Sundays are off (QĐ 188/1999/QĐ-TTg), but for those worked in exchange.
--
-- Working days after one day, up to another: the difference of their ordinals.
-- The n-th working day after a day: the working day whose ordinal is n more.
--
-- A year is known when its holiday file is loaded, which names 1 January. A day of another year has no row, so that
-- what is joined to it is null and never a guess. Where a year is missing between others, only the years after the
-- gap are here: no difference reaches over days that nobody knows.
WITH known_year AS (
    SELECT CAST(year(date) AS INTEGER) AS year
    FROM ref.holiday
    WHERE kind = 'holiday' AND month(date) = 1 AND day(date) = 1
    GROUP BY 1
),
numbered_year AS (
    SELECT year, year - row_number() OVER (ORDER BY year) AS run
    FROM known_year
),
last_run AS (
    SELECT min(year) AS first_year, max(year) AS last_year
    FROM numbered_year
    GROUP BY run
    ORDER BY run DESC
    LIMIT 1
),
known_day AS (
    SELECT CAST(unnest(generate_series(
        make_date(first_year, 1, 1), make_date(last_year, 12, 31), INTERVAL 1 DAY
    )) AS DATE) AS day
    FROM last_run
),
holiday AS (
    SELECT DISTINCT ON (date) date, kind, name_vi, name_en
    FROM ref.holiday
    ORDER BY date, file_id DESC
),
judged_day AS (
    SELECT
        known_day.day,
        coalesce(holiday.kind = 'working', isodow(known_day.day) <= 5) AS is_working,
        holiday.name_vi,
        holiday.name_en
    FROM known_day
    LEFT JOIN holiday ON holiday.date = known_day.day
)
SELECT
    day,
    is_working,
    CAST(count(*) FILTER (WHERE is_working) OVER (ORDER BY day) AS INTEGER) AS ordinal,
    name_vi,
    name_en
FROM judged_day
