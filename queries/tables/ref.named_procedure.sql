-- kept: yes
-- The services that a plan names and the procedures that they are: one row per code or name of `ref.named_service`.
-- Without a code the name decides, as the catalogue writes it or as a person decided; how it is written makes no difference.
-- `procedure` is null where nobody knows; `most_like` then has the names of the catalogue that it is most like.
WITH catalogue AS (
    SELECT DISTINCT
        coalesce(nullif(regexp_extract(procedure_code, '^[0-9]+\.[0-9]+'), ''), procedure_code) AS procedure,
        procedure_name
    FROM fact.procedure_level
    WHERE procedure_name IS NOT NULL
),
written AS (
    SELECT DISTINCT meta.name_key(procedure_name) AS name, procedure
    FROM catalogue
),
-- A name of two procedures is nobody's, unless a person decided.
known AS (
    SELECT name, max(procedure) AS procedure
    FROM written
    WHERE name NOT IN (SELECT meta.name_key(spelling) FROM ref.procedure_spelling)
    GROUP BY name
    HAVING count(*) = 1
    UNION ALL
    SELECT meta.name_key(spelling), max(procedure_code)
    FROM ref.procedure_spelling
    GROUP BY 1
    HAVING count(DISTINCT procedure_code) = 1
),
asked AS (
    SELECT DISTINCT
        procedure_code,
        procedure_name,
        CASE WHEN procedure_code IS NULL THEN meta.name_key(procedure_name) END AS name
    FROM ref.named_service
),
-- At most 1,000 names are compared with the catalogue.
stray AS (
    SELECT DISTINCT name
    FROM asked
    WHERE name NOT IN (SELECT name FROM known)
    ORDER BY name
    LIMIT 1000
),
compared AS (
    SELECT
        stray.name,
        '`' || written.name || '` (' || written.procedure || ')' AS proposal,
        jaro_winkler_similarity(strip_accents(stray.name), strip_accents(written.name)) AS likeness
    FROM stray
    CROSS JOIN written
),
nearest AS (
    SELECT name, string_agg(proposal, ', ' ORDER BY likeness DESC, proposal) AS most_like
    FROM (
        SELECT *
        FROM compared
        WHERE likeness >= 0.86
        QUALIFY row_number() OVER (PARTITION BY name ORDER BY likeness DESC, proposal) <= 3
    )
    GROUP BY name
)
SELECT
    asked.procedure_code,
    asked.procedure_name,
    coalesce(asked.procedure_code, known.procedure) AS procedure,
    CASE WHEN known.procedure IS NULL THEN nearest.most_like END AS most_like
FROM asked
LEFT JOIN known ON known.name = asked.name
LEFT JOIN nearest ON nearest.name = asked.name
ORDER BY asked.procedure_code, asked.procedure_name
