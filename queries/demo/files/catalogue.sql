-- The service catalogue: what each ministry and province offers over the days on which it sends.
SELECT
    'SYNTHETIC' AS DuLieuMoPhong,
    s.code AS MaTTHC,
    s.name_vi AS TenTTHC,
    b.code AS MaCoQuan,
    s.level AS MucDo,
    CASE WHEN s.level = 'full' OR (s.level = 'partial' AND happens(s.h, 0, 0.4)) THEN 'Có' ELSE 'Không' END AS eligible,
    CASE WHEN s.level <> 'none' AND happens(s.h, 8, 0.8) THEN 'Có' ELSE 'Không' END AS multi_device,
    CASE WHEN s.fee > 0 THEN 'Có' ELSE 'Không' END AS fee,
    CASE WHEN s.fee > 0 AND s.level <> 'none' AND happens(s.h, 24, 0.9) THEN 'Có' ELSE 'Không' END AS online_payment,
    CASE WHEN s.rank < 8 THEN 'Có' ELSE 'Không' END AS essential,
    CASE WHEN s.rank < 8 AND happens(s.h, 40, 0.6) THEN 'Có' ELSE 'Không' END AS proactive,
    strftime(greatest(b.first_on, DATE '2024-01-01'), '%d/%m/%Y') AS valid_from,
    CASE WHEN b.last_on < getvariable('until') THEN strftime(b.last_on, '%d/%m/%Y') END AS valid_to
FROM demo.register_sender AS b
JOIN demo.service AS s ON (s.kind = 'ministry') = (b.kind = 'ministry')
WHERE b.kind = 'province'
   OR s.service_no % 17 = b.sender_no % 17
ORDER BY b.sender_no, s.service_no
