-- kept: yes
-- The catalogue of services, day by day: one row per agency, procedure and span of days; spans of one procedure do not overlap.
-- Of two rows from one day on the later one holds, and a row holds up to the next at most.
-- A procedure goes by its own code: `1.004194.000.00.00.H44` is `1.004194`.
-- A row ends with its agency. What began before holds on for whoever bears the code of the agency after it, as provinces formed
-- in 2025 do: a row is sent again only when something changes.
WITH named AS (
    SELECT
        * EXCLUDE (org_id, valid_from, valid_to),
        CAST(org_id AS VARCHAR) AS org_id,
        coalesce(nullif(regexp_extract(procedure_code, '^[0-9]+\.[0-9]+'), ''), procedure_code) AS procedure,
        valid_from,
        coalesce(valid_to, DATE '9999-12-31') AS valid_to
    FROM fact.procedure_level
    WHERE org_id IS NOT NULL
),
-- Who bears the code of a body after it.
bearer AS (
    SELECT
        CAST(former.org_id AS VARCHAR) AS former_id,
        CAST(later.org_id AS VARCHAR) AS org_id,
        min(CAST(later.valid_from AS DATE)) AS first_on,
        max(coalesce(CAST(later.valid_to AS DATE), DATE '9999-12-31')) AS last_on
    FROM ref.organisation_code AS former
    JOIN ref.organisation_code AS later
        ON later.code_system = former.code_system
        AND later.code = former.code
        AND later.org_id <> former.org_id
        AND later.valid_from > former.valid_to
    WHERE former.code_system IN ('agency', 'gso-commune', 'gso-district')
    GROUP BY ALL
),
sent AS (
    SELECT
        named.* EXCLUDE (valid_to),
        least(named.valid_to, coalesce(CAST(body.valid_to AS DATE), DATE '9999-12-31')) AS valid_to,
        true AS is_own
    FROM named
    LEFT JOIN ref.organisation AS body ON body.org_id = named.org_id
    UNION ALL BY NAME
    SELECT
        named.* EXCLUDE (org_id, valid_from, valid_to),
        bearer.org_id,
        bearer.first_on AS valid_from,
        least(named.valid_to, bearer.last_on) AS valid_to,
        false AS is_own
    FROM named
    JOIN bearer ON bearer.former_id = named.org_id
    WHERE named.valid_from < bearer.first_on
      AND named.valid_to >= bearer.first_on
),
spanned AS (
    SELECT
        org_id,
        procedure,
        level,
        eligible,
        multi_device,
        fee,
        online_payment,
        essential,
        proactive,
        valid_from AS first_on,
        least(valid_to, lead(valid_from - 1) OVER (PARTITION BY org_id, procedure ORDER BY valid_from)) AS last_on
    FROM (
        SELECT *
        FROM sent
        QUALIFY row_number() OVER (PARTITION BY org_id, procedure, valid_from ORDER BY is_own DESC, row_id DESC) = 1
    )
)
SELECT *
FROM spanned
WHERE first_on <= last_on
