-- The 982 services that a plan names.
SELECT 'SYNTHETIC' AS DuLieuMoPhong, code AS MaTTHC, name_vi AS TenTTHC
FROM demo.service
ORDER BY h, service_no
LIMIT 982
