-- Types of areas: one row per level and type, with the word that Vietnamese names begin with and English ones end with.
SELECT *
FROM (VALUES
    ('province', 'province',       'Tỉnh',      'province'),
    ('province', 'city',           'Thành phố', 'city'),
    ('district', 'urban-district', 'Quận',      'urban district'),
    ('district', 'rural-district', 'Huyện',     'rural district'),
    ('district', 'town',           'Thị xã',    'town'),
    ('district', 'city',           'Thành phố', 'city'),
    ('commune',  'commune',        'Xã',        'commune'),
    ('commune',  'ward',           'Phường',    'ward'),
    ('commune',  'township',       'Thị trấn',  'township'),
    ('commune',  'special-zone',   'Đặc khu',   'special zone')
) AS type (level, type, name_vi, name_en)
