-- The longest legal time of each service, in working days.
SELECT
    'SYNTHETIC' AS DuLieuMoPhong,
    code AS procedure_code,
    working_days AS days,
    'working' AS day_kind,
    'SYNTHETIC' AS legal_basis,
    NULL AS valid_from,
    NULL AS valid_to
FROM demo.service
ORDER BY service_no
