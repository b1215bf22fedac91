-- The title of every federal organisation in both languages: one row per organisation.
-- The register repeats 265 organisations, so that a plain join would double every count.
WITH english AS (
    SELECT DISTINCT org_code, coalesce(applied_title, legal_title) AS title
    FROM ref.register_english
),
french AS (
    SELECT DISTINCT org_code, coalesce(applied_title, legal_title) AS title
    FROM ref.register_french
)
SELECT
    'CA-' || english.org_code AS org_id,
    english.title AS title_en,
    french.title AS title_fr
FROM english
LEFT JOIN french USING (org_code)
