-- Units of provinces whose identifier codes are not known, with codes made up in the form of those that are.
SELECT
    u.code AS agency_code,
    s.code AS parent_code,
    u.name_vi,
    CASE u.kind WHEN 'department' THEN u.name_en END AS name_en,
    CASE u.kind WHEN 'department' THEN 'province-unit' ELSE u.kind END AS level,
    CASE u.kind WHEN 'commune' THEN u.gso_code END AS gso_commune_code,
    '2026-09-26' AS seen_on,
    'SYNTHETIC' AS note
FROM demo.unit AS u
JOIN demo.sender AS s ON s.sender_no = u.sender_no
WHERE s.kind = 'province'
  AND s.first_on = DATE '2025-07-01'
  AND s.code <> 'H44'
ORDER BY u.unit_no
