-- Online applications, of all applications to external services with 45,000 applications or more.
-- One row per organisation and fiscal year; CA is the Government of Canada. Gives org_id, period, numerator, denominator.
SELECT
    org_id,
    period,
    many_applications_online AS numerator,
    many_applications AS denominator
FROM fact.organisation_year
ORDER BY period, org_id
