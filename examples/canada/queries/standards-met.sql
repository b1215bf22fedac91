-- Standards met, of those judged.
-- One row per organisation and fiscal year; CA is the Government of Canada. Gives org_id, period, numerator, denominator.
SELECT
    org_id,
    period,
    standards_met AS numerator,
    standards_judged AS denominator
FROM fact.organisation_year
ORDER BY period, org_id
