-- Interaction points online, of those that apply.
-- One row per organisation and fiscal year; CA is the Government of Canada. Gives org_id, period, numerator, denominator.
SELECT
    org_id,
    period,
    points_online AS numerator,
    points_answered AS denominator
FROM fact.organisation_year
ORDER BY period, org_id
