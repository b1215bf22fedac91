-- Services that have a standard, of all services in scope.
-- One row per organisation and fiscal year; CA is the Government of Canada. Gives org_id, period, numerator, denominator.
SELECT
    org_id,
    period,
    services_with_standard AS numerator,
    services AS denominator
FROM fact.organisation_year
ORDER BY period, org_id
