-- The departments that appear in the file, with the codes the city uses: one row per department.
SELECT *
FROM (VALUES
    ('BHA_', 'boston-bha', 'Boston Housing Authority'),
    ('BPS_', 'boston-bps', 'Boston Public Schools'),
    ('BTDT', 'boston-btdt', 'Transportation Department'),
    ('BWSC', 'boston-bwsc', 'Boston Water and Sewer Commission'),
    ('DISB', 'boston-disb', 'Disability Department'),
    ('INFO', 'boston-info', 'Information channel'),
    ('ISD', 'boston-isd', 'Inspectional Services'),
    ('No Q', 'boston-no-q', 'No queue'),
    ('PARK', 'boston-park', 'Parks Department'),
    ('PROP', 'boston-prop', 'Property Management'),
    ('PWDx', 'boston-pwdx', 'Public Works Department')
) AS department (department_code, org_id, name)
