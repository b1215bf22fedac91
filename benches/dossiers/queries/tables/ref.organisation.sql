SELECT
    'VN' AS org_id,
    'Việt Nam' AS name_vi,
    'Viet Nam' AS name_en,
    'country' AS level,
    NULL::VARCHAR AS parent_id,
    NULL::DATE AS valid_from,
    NULL::DATE AS valid_to,
    1 AS position
