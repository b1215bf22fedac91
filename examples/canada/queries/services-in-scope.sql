-- Services in scope, and how many of them are for the public.
-- One row per organisation, fiscal year and kind; CA is the Government of Canada. Gives org_id, period, breakdown, count.
SELECT org_id, period, '' AS breakdown, services AS count
FROM fact.organisation_year
UNION ALL
SELECT org_id, period, 'external' AS breakdown, external_services AS count
FROM fact.organisation_year
UNION ALL
SELECT org_id, period, 'enterprise' AS breakdown, services - external_services AS count
FROM fact.organisation_year
ORDER BY period, org_id, breakdown
