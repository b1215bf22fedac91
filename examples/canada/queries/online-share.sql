-- Online applications, of all applications and telephone enquiries.
-- One row per organisation and fiscal year; CA is the Government of Canada. Gives org_id, period, numerator, denominator.
SELECT
    org_id,
    period,
    applications_online AS numerator,
    transactions AS denominator
FROM fact.organisation_year
ORDER BY period, org_id
