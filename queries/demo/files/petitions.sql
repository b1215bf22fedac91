-- Petitions about procedures: one row each.
WITH petition AS (
    SELECT b.code, b.quarter, b.first_on, b.last_on, n, hash(b.h, n, 'petition') AS h
    FROM (SELECT *, unnest(range(CAST(20 + size / 40 AS BIGINT))) AS n FROM demo.body_quarter) AS b
),
received AS (
    SELECT *, first_on + draw(h, 0, date_diff('day', first_on, last_on) + 1) AS received_on
    FROM petition
),
answered AS (
    SELECT *, received_on + 1 + CASE WHEN happens(h, 16, 0.9) THEN draw(h, 24, 16) ELSE 16 + draw(h, 24, 40) END AS answered_on
    FROM received
)
SELECT
    'SYNTHETIC' AS DuLieuMoPhong,
    printf('PAKN-%s-%s-%04d', code, quarter, n + 1) AS petition_code,
    code AS MaCoQuan,
    strftime(received_on, '%d/%m/%Y') AS received_on,
    NULL AS due_on,
    CASE WHEN answered_on <= getvariable('until') THEN strftime(answered_on, '%d/%m/%Y') END AS answered_on,
    CASE WHEN answered_on <= getvariable('until') AND happens(h, 40, 0.4) THEN
        CASE WHEN h % 100 < 86 THEN 'satisfied' WHEN h % 100 < 94 THEN 'neutral' ELSE 'not-satisfied' END
    END AS rating
FROM answered
ORDER BY code, quarter, n
