-- Accounts and users of the national portal at the end of each quarter.
SELECT
    'SYNTHETIC' AS DuLieuMoPhong,
    q.quarter AS KyBaoCao,
    k.kind,
    CAST(k.count * (1 + k.growth * q.quarter_no) AS BIGINT) AS count
FROM demo.quarter AS q
CROSS JOIN (VALUES
    ('citizen-accounts', 18000000, 0.08),
    ('business-accounts', 900000, 0.05),
    ('full-process-users', 9000000, 0.09),
    ('identified-users', 7900000, 0.10),
    ('adult-users', 28000000, 0.06),
    ('adults', 74000000, 0.002),
    ('users', 30000000, 0.06),
    ('people-and-firms', 76000000, 0.002)
) AS k (kind, count, growth)
ORDER BY q.quarter_no, k.kind
