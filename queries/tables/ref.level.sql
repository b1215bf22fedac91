-- Levels of organisations: one row per level, in the order of the pages. Letters to provinces, districts and communes are to their
-- People's Committees.
SELECT *
FROM (VALUES
    ('country',       'Quốc gia',                                 'Country',                            1, NULL, NULL),
    ('group',         'Nhóm cơ quan',                             'Groups of organisations',            2, NULL, NULL),
    ('ministry',      'Bộ, cơ quan ngang bộ',                     'Ministries',                         3, NULL, NULL),
    ('province',      'Tỉnh, thành phố trực thuộc Trung ương',    'Provinces and centrally run cities', 4, 'Ủy ban nhân dân {name}', 'People''s Committee of {name}'),
    ('province-unit', 'Cơ quan, đơn vị cấp tỉnh',                 'Provincial units',                   5, NULL, NULL),
    ('district',      'Đơn vị hành chính cấp huyện (đến 30/06/2025)', 'Districts (until 30 June 2025)', 6, 'Ủy ban nhân dân {name}', 'People''s Committee of {name}'),
    ('commune',       'Đơn vị hành chính cấp xã',                 'Communes, wards, special zones',     7, 'Ủy ban nhân dân {name}', 'People''s Committee of {name}'),
    ('foreign-state', 'Quốc gia khác',                            'Other states',                       8, NULL, NULL)
) AS level (level, name_vi, name_en, position, addressee_vi, addressee_en)
