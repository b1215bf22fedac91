-- Levels of online provision as the catalogue gives them to dossiers: one row per settling body, procedure code as its
-- dossiers write it, and span of days. Spans of one body and code do not overlap.
-- On a day on which the catalogue has no row of the procedure for a body, that of the nearest body above it that has one holds:
-- provinces send the catalogue of all their units.
WITH settled AS (
    SELECT
        org_id,
        procedure_code,
        coalesce(nullif(regexp_extract(procedure_code, '^[0-9]+\.[0-9]+'), ''), procedure_code) AS procedure
    FROM fact.dossier_case
    WHERE org_id IS NOT NULL
      AND procedure_code IS NOT NULL
    GROUP BY org_id, procedure_code
),
-- Bodies above that sent a catalogue.
lister AS (
    SELECT org_id, above_id, steps, greatest(first_on, held_from) AS first_on, least(last_on, held_to) AS last_on
    FROM ref.organisation_above
    WHERE above_id IN (SELECT org_id FROM fact.service_catalogue)
),
-- On its own, so that it is worked out first: a catalogue joined with the bodies before the procedures has a row for
-- every procedure of every body below.
asked AS MATERIALIZED (
    SELECT settled.*, lister.above_id, lister.steps, lister.first_on, lister.last_on
    FROM settled
    JOIN lister ON lister.org_id = settled.org_id
    WHERE lister.first_on <= lister.last_on
),
offer AS MATERIALIZED (
    SELECT
        asked.org_id,
        asked.procedure_code,
        asked.steps,
        offered.level,
        greatest(offered.first_on, asked.first_on) AS first_on,
        least(offered.last_on, asked.last_on) AS last_on
    FROM asked
    JOIN fact.service_catalogue AS offered
        ON offered.org_id = asked.above_id
        AND offered.procedure = asked.procedure
    WHERE greatest(offered.first_on, asked.first_on) <= least(offered.last_on, asked.last_on)
),
-- Few procedures of few bodies are in the catalogues of two bodies, one above the other.
contested AS (
    SELECT org_id, procedure_code
    FROM offer
    GROUP BY org_id, procedure_code
    HAVING min(steps) < max(steps)
),
rival AS MATERIALIZED (
    SELECT offer.*
    FROM offer
    SEMI JOIN contested ON contested.org_id = offer.org_id AND contested.procedure_code = offer.procedure_code
),
-- Spans over which the same bodies have a row.
span AS (
    SELECT
        org_id,
        procedure_code,
        day AS first_on,
        lead(day) OVER (PARTITION BY org_id, procedure_code ORDER BY day) - 1 AS last_on
    FROM (
        SELECT org_id, procedure_code, first_on AS day FROM rival
        UNION
        SELECT org_id, procedure_code, last_on + 1 FROM rival
    )
)
SELECT offer.org_id, offer.procedure_code AS dossier_procedure_code, offer.level, offer.first_on, offer.last_on
FROM offer
ANTI JOIN contested ON contested.org_id = offer.org_id AND contested.procedure_code = offer.procedure_code
UNION ALL
SELECT span.org_id, span.procedure_code, arg_min(rival.level, rival.steps), span.first_on, span.last_on
FROM span
JOIN rival
    ON rival.org_id = span.org_id
    AND rival.procedure_code = span.procedure_code
    AND rival.first_on <= span.first_on
    AND rival.last_on >= span.last_on
GROUP BY span.org_id, span.procedure_code, span.first_on, span.last_on
