-- Dossiers received and processed: one row per unit, commune and province, period, and total, on time or overdue.
-- Gives org_id, period, breakdown, count, status, source.
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
),
progress AS (
    SELECT org_id, period, received, on_time, status, source FROM unit
    UNION ALL
    SELECT org_id, period, received, on_time, status, source FROM province
    UNION ALL
    SELECT org_id, period, received, on_time, status, source FROM shown
),
counted AS (
    SELECT org_id, period, CAST(NULL AS VARCHAR) AS breakdown, received AS count, status, source FROM progress
    UNION ALL
    SELECT org_id, period, 'on-time', on_time, status, source FROM progress
    UNION ALL
    SELECT org_id, period, 'overdue', received - on_time, status, source FROM progress
)
SELECT
    org_id,
    period,
    breakdown,
    count,
    status,
    source
FROM counted
ORDER BY org_id, period, coalesce(breakdown, '')
