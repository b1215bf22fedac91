-- The state of the foundation databases at the end of each quarter.
SELECT
    'SYNTHETIC' AS DuLieuMoPhong,
    d.database,
    strftime(q.last_on, '%d/%m/%Y') AS as_of,
    CASE WHEN d.n <= 2 + q.quarter_no // 2 THEN 'Có' ELSE 'Không' END AS complete,
    CASE WHEN d.n <= 1 + q.quarter_no // 2 THEN 'Có' ELSE 'Không' END AS shared,
    'SYNTHETIC' AS evidence
FROM demo.quarter AS q
CROSS JOIN (
    SELECT database, row_number() OVER (ORDER BY hash(database, getvariable('seed'))) AS n
    FROM read_csv(getvariable('project') || '/data/vietnam/foundation_databases.csv', all_varchar = true)
) AS d
ORDER BY q.quarter_no, d.n
