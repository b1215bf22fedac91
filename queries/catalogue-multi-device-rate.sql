-- Full-process services usable on several devices, mobile ones included: one row per agency and body above it that had such a procedure on the last day of the period.
-- Gives org_id, numerator, denominator. Needs $period_end. A procedure counts once for each agency that provides it.
WITH provided AS (
    SELECT org_id, level, multi_device, online_payment, proactive
    FROM fact.service_catalogue
    WHERE CAST($period_end AS DATE) BETWEEN first_on AND last_on
      AND level = 'full'
      AND multi_device IS NOT NULL
)
SELECT
    above.over_id AS org_id,
    count(*) FILTER (WHERE multi_device) AS numerator,
    count(*) AS denominator
FROM provided
JOIN ref.organisation_over AS above ON above.org_id = provided.org_id
GROUP BY above.over_id
ORDER BY above.over_id
