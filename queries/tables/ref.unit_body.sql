-- kept: yes
-- Units of provinces with an identity: one row per unit or commune that has an identifier code.
-- A commune is a body of the list of communes, whatever codes are known of it; a provincial unit is its code.
-- A unit is not older than the body above it, which it is a part of, nor the code of a commune than the commune; before that
-- day the code meant another unit.
SELECT
    CASE u.level WHEN 'commune' THEN 'C.' || u.gso_commune_code ELSE u.agency_code END AS org_id,
    u.agency_code AS code,
    u.level,
    above.org_id AS parent_id,
    u.name_vi,
    u.name_en,
    greatest(above.valid_from, commune.valid_from) AS valid_from,
    above.valid_to,
    u.seen_on
FROM ref.agency_unit AS u
LEFT JOIN ref.agency_body AS above
    ON above.code = u.parent_code
    AND u.seen_on BETWEEN coalesce(above.valid_from, DATE '0001-01-01') AND coalesce(above.valid_to, DATE '9999-12-31')
LEFT JOIN ref.commune AS commune ON u.level = 'commune' AND commune.commune_code = u.gso_commune_code
