-- Dossiers received and on time: one row per unit, commune and province, and period.
-- A province is the sum of its units where they are known, and otherwise what the portal showed for it.
WITH unit AS (
    SELECT org_id, parent_id, period, received, on_time, status, source
    FROM fact.unit_progress
),
province AS (
    SELECT
        parent_id AS org_id,
        period,
        CAST(sum(received) AS BIGINT) AS received,
        CAST(sum(on_time) AS BIGINT) AS on_time,
        max(status) AS status,
        max(source) AS source
    FROM unit
    GROUP BY parent_id, period
),
shown AS (
    SELECT part.org_id, part.period, part.denominator AS received, part.numerator AS on_time, part.status, part.source
    FROM fact.index766_part AS part
    LEFT JOIN province
        ON province.org_id = part.org_id
        AND province.period = part.period
    WHERE part.part = '2.1 on time'
      AND province.org_id IS NULL
)
SELECT org_id, period, received, on_time, status, source FROM unit
UNION ALL
SELECT org_id, period, received, on_time, status, source FROM province
UNION ALL
SELECT org_id, period, received, on_time, status, source FROM shown
