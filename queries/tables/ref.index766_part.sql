-- What the portal calls the parts of the 766 index that have counts: one row per name, with the part of the tree.
SELECT *
FROM (VALUES
    ('1.1 published on time',                     'published-on-time'),
    ('1.2 updated on time',                       'updated-on-time'),
    ('1.3 full content',                          'full-content'),
    ('1.4 dossiers synced',                       'synchronised'),
    ('dossiers paid online',                      'paid-dossiers'),
    ('fee procedures with an online payment',     'paid-procedures'),
    ('fee procedures payable online',             'payable-procedures'),
    ('4.1 e-results',                             'electronic-results'),
    ('4.2 digitised papers',                      'digitised-papers'),
    ('4.3 reuse',                                 'reused-data'),
    ('4.4 personal storage',                      'personal-storage'),
    ('4.5a procedures with population data',      'population-procedures'),
    ('4.5b dossiers with population data',        'population-dossiers'),
    ('5.2 petitions on time',                     'petitions-on-time'),
    ('5.3 satisfied with petition answer',        'petition-answers'),
    ('5.4 receiving and handling',                'handling')
) AS part (portal_name, part)
