-- External high-volume services with a standard met, of all external high-volume services.
-- One row per organisation and fiscal year; CA is the Government of Canada. Gives org_id, period, numerator, denominator.
SELECT
    org_id,
    period,
    high_volume_with_met_standard AS numerator,
    high_volume_services AS denominator
FROM fact.organisation_year
ORDER BY period, org_id
