-- Which organisation a spelling means: one row per spelling.
-- Compared letter by letter, capitals included, as the publisher does: `pptc` is organisation 264 and `PPTC` is 123.
SELECT DISTINCT
    name,
    'CA-' || org_code AS org_id
FROM ref.organisation_spelling
