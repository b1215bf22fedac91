-- The city and the departments that its requests are sent to.
SELECT
    'boston' AS org_id,
    'City of Boston' AS name_vi,
    'City of Boston' AS name_en,
    'city' AS level,
    CAST(NULL AS VARCHAR) AS parent_id,
    CAST(NULL AS DATE) AS valid_from,
    CAST(NULL AS DATE) AS valid_to,
    1 AS position
UNION ALL
SELECT
    org_id,
    name,
    name,
    'department',
    'boston',
    NULL,
    NULL,
    CAST(row_number() OVER (ORDER BY org_id) AS INTEGER)
FROM ref.department
