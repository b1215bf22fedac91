-- Targets: one row per target. Due on the last day of its year, read on the organisation that stands for its level and
-- on every body of the level.
SELECT
    t.target_id,
    t.indicator_vi AS title_vi,
    upper(t.indicator_en[1]) || t.indicator_en[2:] AS title_en,
    l.level,
    l.org_id,
    CASE WHEN t.unit = 'rank' AND t.comparator = '<=' THEN 'rank<=' ELSE t.comparator END AS comparator,
    t.value,
    CASE t.unit WHEN '%' THEN 'percent' WHEN 'services' THEN 'count' ELSE t.unit END AS unit,
    make_date(t.year, 12, 31) AS due_on,
    -- Plans and statements without a number are named in both languages; documents have one name.
    coalesce(b.name_vi, t.legal_basis) AS legal_basis_vi,
    t.legal_basis AS legal_basis_en,
    -- A day that is in no calendar is not known; the check of targets tells it.
    CASE WHEN length(t.issued_on) < 10 OR try_cast(t.issued_on AS DATE) IS NOT NULL THEN t.issued_on END AS issued_on,
    t.evidence,
    replace(t.source, 'founding article', 'article "Sứ mệnh dẫn dắt của Chính phủ số"') AS source
FROM ref.target_row AS t
LEFT JOIN ref.target_level AS l ON l.target_level = t.level
LEFT JOIN ref.legal_basis_name AS b ON b.legal_basis = t.legal_basis
