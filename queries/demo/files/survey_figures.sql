-- A survey that others published, of each province in the year before.
SELECT
    'SYNTHETIC' AS DuLieuMoPhong,
    code AS agency_code,
    CAST(year(getvariable('until')) - 1 AS VARCHAR) AS wave,
    'sipas' AS instrument,
    NULL AS part,
    round(79 + (h & 1023) / 100, 2) AS value,
    600 + (h >> 10) % 900 AS sample_size,
    'SYNTHETIC' AS source
FROM demo.sender
WHERE kind = 'province'
  AND getvariable('until') BETWEEN first_on AND last_on
ORDER BY code
