-- Levels of online provision as the catalogue gives them to dossiers: one row per settling body, procedure code as its
-- dossiers write it, and span of days. Spans of one body and code do not overlap.
-- A body for which the catalogue has no row of the procedure has that of the nearest body above it that has one: provinces
-- send the catalogue of all their units.
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
depth AS (
    SELECT org_id, count(DISTINCT above_id) AS depth
    FROM ref.organisation_above
    GROUP BY org_id
),
-- On its own, so that it is worked out first: a catalogue joined with the bodies before the procedures has a row for
-- every procedure of every body below.
asked AS MATERIALIZED (
    SELECT settled.*, above.above_id, above.first_on, above.last_on, depth.depth
    FROM settled
    JOIN ref.organisation_above AS above ON above.org_id = settled.org_id
    JOIN depth ON depth.org_id = above.above_id
)
SELECT
    asked.org_id,
    asked.procedure_code AS dossier_procedure_code,
    offered.level,
    greatest(offered.first_on, asked.first_on) AS first_on,
    least(offered.last_on, asked.last_on) AS last_on
FROM asked
JOIN fact.service_catalogue AS offered
    ON offered.org_id = asked.above_id
    AND offered.procedure = asked.procedure
WHERE greatest(offered.first_on, asked.first_on) <= least(offered.last_on, asked.last_on)
QUALIFY dense_rank() OVER (
    PARTITION BY asked.org_id, asked.procedure_code
    ORDER BY asked.depth DESC, asked.above_id
) = 1
