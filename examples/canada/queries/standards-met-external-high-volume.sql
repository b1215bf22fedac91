-- Standards of external high-volume services met, of those judged.
-- One row per organisation and fiscal year; CA is the Government of Canada. Gives org_id, period, numerator, denominator.
SELECT
    org_id,
    period,
    high_volume_standards_met AS numerator,
    high_volume_standards_judged AS denominator
FROM fact.organisation_year
ORDER BY period, org_id
