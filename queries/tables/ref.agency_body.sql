-- kept: yes
-- Agencies with an identity: one row per country, ministry or province over one span of validity.
-- A code outlives its bearer (H44 was a smaller Phú Thọ until 30 June 2025), so a body that ended is the code with its
-- last day, and the present one the bare code. The two ministries of 2025 whose code was not found have an id of ours.
SELECT
    CASE
        WHEN a.code IS NOT NULL AND a.valid_to IS NOT NULL THEN a.code || '@' || CAST(a.valid_to AS VARCHAR)
        WHEN a.code IS NOT NULL THEN a.code
        WHEN a.name_vi = 'Bộ Nông nghiệp và Môi trường' THEN 'VN.AGRI-ENV'
        WHEN a.name_vi = 'Bộ Dân tộc và Tôn giáo' THEN 'VN.ETHNIC-RELIG'
    END AS org_id,
    a.code,
    p.gso_code,
    a.level,
    p.type,
    a.parent_code AS parent_id,
    coalesce(p.name_vi, a.name_vi) AS name_vi,
    CASE
        WHEN p.name_en LIKE '% City' THEN p.name_en
        ELSE coalesce(p.name_en || ' ' || p.type, a.name_en)
    END AS name_en,
    a.valid_from,
    a.valid_to
FROM ref.agency AS a
LEFT JOIN ref.province AS p
    ON p.id_code = a.code
    AND p.valid_from IS NOT DISTINCT FROM a.valid_from
    AND p.valid_to IS NOT DISTINCT FROM a.valid_to
