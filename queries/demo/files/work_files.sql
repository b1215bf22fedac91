-- Work files of ministries, provinces and communes, up to June 2025 of districts too.
WITH reported AS (
    SELECT kind AS level, code, quarter, quarter_no, size * 3 AS opened, h
    FROM demo.body_quarter
    UNION ALL
    SELECT
        CASE u.kind WHEN 'commune' THEN 'commune' ELSE 'district' END,
        u.gso_code,
        b.quarter,
        b.quarter_no,
        120 + hash(u.unit_no, b.quarter, getvariable('seed')) % 400,
        hash(u.unit_no, b.quarter, 'work-files')
    FROM demo.body_quarter AS b
    JOIN demo.unit AS u ON u.sender_no = b.sender_no
    -- Before July 2025 the districts report for their communes.
    WHERE u.gso_code IS NOT NULL
      AND (u.kind <> 'commune' OR b.first_on >= DATE '2025-07-01')
),
counted AS (
    SELECT
        *,
        CAST(opened * ((h & 255) / 12800) AS BIGINT) AS secret,
        CASE level WHEN 'ministry' THEN 0.88 WHEN 'province' THEN 0.80 WHEN 'district' THEN 0.66 ELSE 0.62 END
            + 0.008 * quarter_no + ((h >> 8) & 255) / 5120 AS share
    FROM reported
)
SELECT
    'SYNTHETIC' AS DuLieuMoPhong,
    code AS MaCoQuan,
    quarter AS KyBaoCao,
    level,
    CAST(opened AS BIGINT) AS opened,
    secret,
    CAST(floor((opened - secret) * least(share, 1)) AS BIGINT) AS processed_online
FROM counted
ORDER BY level, code, quarter
