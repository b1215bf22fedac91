-- Levels of online provision as the catalogue gives them to dossiers: one row per settling body, procedure code as its
-- dossiers write it, and span of days. Spans of one body and code do not overlap.
-- A body for which the catalogue has no row of the procedure has that of the nearest body above it that has one: provinces
-- send the catalogue of all their units. `1.004194.000.00.00.H44` is the procedure `1.004194`.
WITH sent AS (
    SELECT
        org_id,
        coalesce(nullif(regexp_extract(procedure_code, '^[0-9]+\.[0-9]+'), ''), procedure_code) AS procedure,
        level,
        valid_from,
        coalesce(valid_to, DATE '9999-12-31') AS valid_to,
        row_id
    FROM fact.procedure_level
    WHERE org_id IS NOT NULL
),
catalogue AS (
    -- Of two rows from one day on the later one holds, and a row holds up to the next at most.
    SELECT
        org_id,
        procedure,
        level,
        valid_from,
        least(valid_to, lead(valid_from - 1) OVER (PARTITION BY org_id, procedure ORDER BY valid_from)) AS valid_to
    FROM (
        SELECT *
        FROM sent
        QUALIFY row_number() OVER (PARTITION BY org_id, procedure, valid_from ORDER BY row_id DESC) = 1
    )
),
settled AS (
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
)
SELECT
    settled.org_id,
    settled.procedure_code AS dossier_procedure_code,
    catalogue.level,
    greatest(catalogue.valid_from, above.first_on) AS first_on,
    least(catalogue.valid_to, above.last_on) AS last_on
FROM settled
JOIN ref.organisation_above AS above ON above.org_id = settled.org_id
JOIN catalogue
    ON catalogue.org_id = above.above_id
    AND catalogue.procedure = settled.procedure
JOIN depth ON depth.org_id = above.above_id
WHERE greatest(catalogue.valid_from, above.first_on) <= least(catalogue.valid_to, above.last_on)
QUALIFY dense_rank() OVER (
    PARTITION BY settled.org_id, settled.procedure_code
    ORDER BY depth.depth DESC, above.above_id
) = 1
