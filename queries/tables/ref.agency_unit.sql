-- Units and communes of provinces that have an identifier code: one row per unit, as the latest capture names it.
-- Communes get their English name by rule; the other units from a small table.
WITH unit AS (
    SELECT
        agency_code,
        arg_max(parent_code, captured_on) AS parent_code,
        arg_max(name_vi, captured_on) AS name_vi,
        arg_max(level, captured_on) AS level,
        arg_max(gso_commune_code, captured_on) AS gso_commune_code,
        max(captured_on) AS captured_on
    FROM fact.index766_unit
    GROUP BY ALL
)
SELECT
    u.agency_code AS org_id,
    u.agency_code AS code,
    u.gso_commune_code,
    CASE u.level WHEN 'province' THEN 'province-unit' ELSE u.level END AS level,
    body.org_id AS parent_id,
    u.name_vi,
    CASE
        WHEN u.name_vi LIKE 'Xã %' THEN regexp_replace(u.name_vi, '^Xã ', '') || ' commune'
        WHEN u.name_vi LIKE 'Phường %' THEN regexp_replace(u.name_vi, '^Phường ', '') || ' ward'
        WHEN u.name_vi LIKE 'Thị trấn %' THEN regexp_replace(u.name_vi, '^Thị trấn ', '') || ' township'
        WHEN u.name_vi LIKE 'Đặc khu %' THEN regexp_replace(u.name_vi, '^Đặc khu ', '') || ' special zone'
        ELSE coalesce(n.name_en, u.name_vi)
    END AS name_en
FROM unit AS u
LEFT JOIN ref.province_unit_name AS n ON n.agency_code = u.agency_code
LEFT JOIN ref.agency_body AS body
    ON body.code = u.parent_code
    AND u.captured_on BETWEEN coalesce(body.valid_from, DATE '0001-01-01') AND coalesce(body.valid_to, DATE '9999-12-31')
