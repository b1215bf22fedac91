SELECT *
FROM (VALUES
    ('city', 'City', 'City', 1),
    ('department', 'Department', 'Department', 2)
) AS level (level, name_vi, name_en, position)
