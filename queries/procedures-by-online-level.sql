-- Procedures by online level: one row per organisation, period, and total or level.
-- Gives org_id, period, breakdown, count, status, source. The total is given only when all three levels are known.
WITH procedure_level AS (
    SELECT org_id, period, breakdown, CAST(value AS BIGINT) AS count, status, source
    FROM fact.published_value
    WHERE indicator = 'full-process-service-rate'
),
total AS (
    SELECT
        org_id,
        period,
        CAST(NULL AS VARCHAR) AS breakdown,
        CAST(sum(count) AS BIGINT) AS count,
        max(status) AS status,
        max(source) AS source
    FROM procedure_level
    GROUP BY org_id, period
    HAVING count(*) FILTER (WHERE breakdown IN ('full', 'partial', 'none')) = 3
),
counted AS (
    SELECT org_id, period, breakdown, count, status, source FROM procedure_level
    UNION ALL
    SELECT org_id, period, breakdown, count, status, source FROM total
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
