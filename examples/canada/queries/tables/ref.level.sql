-- The two levels of this project.
SELECT *
FROM (VALUES
    ('government', 'Government', 'Government', 1),
    ('department', 'Department or agency', 'Department or agency', 2)
) AS level (level, name_vi, name_en, position)
