-- Inspections of each sender and quarter, more of them remote with time.
SELECT
    'SYNTHETIC' AS DuLieuMoPhong,
    code AS MaCoQuan,
    quarter AS KyBaoCao,
    8 + h % 60 AS inspections,
    CAST(floor((8 + h % 60) * least(0.30 + 0.035 * quarter_no + ((h >> 16) & 255) / 1700, 1)) AS BIGINT) AS remote
FROM demo.body_quarter
ORDER BY code, quarter
