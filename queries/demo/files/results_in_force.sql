-- Results of procedures still in force, of each sender at the end of each quarter.
WITH stock AS (
    SELECT *, CAST(size * 90 AS BIGINT) AS in_force, least(0.35 + 0.04 * quarter_no + (h & 255) / 2048, 1) AS share
    FROM demo.body_quarter
)
SELECT
    'SYNTHETIC' AS DuLieuMoPhong,
    code AS MaCoQuan,
    quarter AS KyBaoCao,
    kind AS level,
    in_force,
    CAST(floor(in_force * share) AS BIGINT) AS digitised,
    CAST(floor(in_force * 0.8) AS BIGINT) AS personal,
    CAST(floor(in_force * 0.8 * share * 0.9) AS BIGINT) AS with_personal_id
FROM stock
ORDER BY code, quarter
