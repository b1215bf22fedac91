-- Digitised dossiers, results and data of each sender and quarter.
WITH volume AS (
    SELECT *, CAST(size * 10 AS BIGINT) AS dossiers, least(0.55 + 0.035 * quarter_no + (h & 255) / 2560, 1) AS share
    FROM demo.body_quarter
)
SELECT
    'SYNTHETIC' AS DuLieuMoPhong,
    code AS MaCoQuan,
    quarter AS KyBaoCao,
    dossiers,
    CAST(floor(dossiers * share) AS BIGINT) AS dossiers_digitised,
    CAST(floor(dossiers * 0.94) AS BIGINT) AS results,
    CAST(floor(dossiers * 0.94 * share) AS BIGINT) AS results_digitised,
    CAST(floor(dossiers * share * 3) AS BIGINT) AS data_digitised,
    CAST(floor(dossiers * share * 3 * (0.12 + 0.02 * quarter_no)) AS BIGINT) AS data_reused
FROM volume
ORDER BY code, quarter
