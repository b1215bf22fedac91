-- Foundation national databases complete and shared: one row for the country.
-- Gives org_id, numerator, denominator. Needs $period_end. While the state of one of them is not known, neither is the number.
WITH dated_state AS (
    SELECT
        database,
        complete AND shared AS is_done,
        row_number() OVER (PARTITION BY database ORDER BY as_of DESC, file_id DESC) AS place
    FROM fact.national_database
    WHERE as_of <= CAST($period_end AS DATE)
)
SELECT
    'VN' AS org_id,
    CASE WHEN count(*) = count(state.is_done) THEN count(*) FILTER (WHERE state.is_done) END AS numerator,
    count(*) AS denominator
FROM ref.foundation_database AS named
LEFT JOIN dated_state AS state ON state.database = named.database AND state.place = 1
HAVING count(state.is_done) > 0
ORDER BY org_id
