-- External services with all points online or not applicable, of all external services.
-- One row per organisation and fiscal year; CA is the Government of Canada. Gives org_id, period, numerator, denominator.
SELECT
    org_id,
    period,
    external_all_points_online AS numerator,
    external_services AS denominator
FROM fact.organisation_year
ORDER BY period, org_id
