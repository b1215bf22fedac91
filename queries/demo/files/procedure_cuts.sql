-- Procedures cut since the start, of each sender and quarter.
SELECT
    'SYNTHETIC' AS DuLieuMoPhong,
    code AS MaCoQuan,
    quarter AS KyBaoCao,
    120 + hash(code, getvariable('seed')) % 200 AS at_start,
    CAST(floor((120 + hash(code, getvariable('seed')) % 200) * least(0.03 * quarter_no + ((h >> 8) & 255) / 8192, 1)) AS BIGINT) AS cut,
    'SYNTHETIC' AS basis
FROM demo.body_quarter
ORDER BY code, quarter
