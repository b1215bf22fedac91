-- Levels of organisations: one row per level, in the order of the pages.
SELECT *
FROM (VALUES
    ('country',       'Quốc gia',                                 'Country',                            1),
    ('group',         'Nhóm cơ quan',                             'Groups of organisations',            2),
    ('ministry',      'Bộ, cơ quan ngang bộ',                     'Ministries',                         3),
    ('province',      'Tỉnh, thành phố trực thuộc Trung ương',    'Provinces and centrally run cities', 4),
    ('province-unit', 'Cơ quan, đơn vị cấp tỉnh',                 'Provincial units',                   5),
    ('district',      'Đơn vị hành chính cấp huyện (đến 30/06/2025)', 'Districts (until 30 June 2025)', 6),
    ('commune',       'Đơn vị hành chính cấp xã',                 'Communes, wards, special zones',     7),
    ('foreign-state', 'Quốc gia khác',                            'Other states',                       8)
) AS level (level, name_vi, name_en, position)
