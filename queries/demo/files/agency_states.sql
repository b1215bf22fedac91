-- What each sender does at the end of each quarter: serving around the clock, publishing open data.
SELECT
    'SYNTHETIC' AS DuLieuMoPhong,
    b.code AS MaCoQuan,
    k.kind,
    strftime(b.last_on, '%d/%m/%Y') AS as_of,
    CASE WHEN hash(b.code, k.kind, getvariable('seed')) % 100 < k.share + 3 * b.quarter_no THEN 'Có' ELSE 'Không' END AS met,
    'SYNTHETIC' AS evidence
FROM demo.body_quarter AS b
CROSS JOIN (VALUES ('around-the-clock', 78), ('open-data', 45)) AS k (kind, share)
ORDER BY b.code, b.quarter, k.kind
