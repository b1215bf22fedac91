-- External services with 45,000 applications or more and no point offline, of those to which a point applies.
-- One row per organisation and fiscal year; CA is the Government of Canada. Gives org_id, period, numerator, denominator.
SELECT
    org_id,
    period,
    many_applications_no_point_offline AS numerator,
    many_applications_services AS denominator
FROM fact.organisation_year
ORDER BY period, org_id
