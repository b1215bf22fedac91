-- kept: yes
-- The catalogue of services, day by day: one row per agency, procedure and span of days; spans of one procedure do not overlap.
-- Of two rows from one day on the later one holds, and a row holds up to the next at most.
-- A procedure goes by its own code: `1.004194.000.00.00.H44` is `1.004194`.
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
)
SELECT
    org_id,
    procedure,
    level,
    valid_from AS first_on,
    least(valid_to, lead(valid_from - 1) OVER (PARTITION BY org_id, procedure ORDER BY valid_from)) AS last_on
FROM (
    SELECT *
    FROM sent
    QUALIFY row_number() OVER (PARTITION BY org_id, procedure, valid_from ORDER BY row_id DESC) = 1
)
