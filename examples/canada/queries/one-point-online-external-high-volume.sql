-- External high-volume services with at least one point online, of all external high-volume services.
-- One row per organisation and fiscal year; CA is the Government of Canada. Gives org_id, period, numerator, denominator.
SELECT
    org_id,
    period,
    high_volume_one_point_online AS numerator,
    high_volume_services AS denominator
FROM fact.organisation_year
ORDER BY period, org_id
