-- Procedures provided as full-process services: one row per organisation and period.
-- Gives org_id, period, numerator, denominator, status, source. The denominator needs all three levels.
SELECT
    org_id,
    period,
    CAST(max(value) FILTER (WHERE breakdown = 'full') AS BIGINT) AS numerator,
    CAST(
        max(value) FILTER (WHERE breakdown = 'full')
        + max(value) FILTER (WHERE breakdown = 'partial')
        + max(value) FILTER (WHERE breakdown = 'none')
        AS BIGINT
    ) AS denominator,
    max(status) AS status,
    max(source) AS source
FROM fact.published_value
WHERE indicator = 'full-process-service-rate'
GROUP BY org_id, period
ORDER BY org_id, period
