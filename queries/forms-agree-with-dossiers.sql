-- Columns of form II.06 that agree with the dossiers: one row per agency and period with both, and per body above it.
-- Gives org_id, period, numerator, denominator. Columns (3) to (13) are compared, each of them summed over fields and levels.
SELECT
    above.over_id AS org_id,
    compared.period,
    count(*) FILTER (WHERE compared.difference = 0) AS numerator,
    count(*) AS denominator
FROM fact.form_compared AS compared
JOIN ref.organisation_over AS above ON above.org_id = compared.org_id
GROUP BY above.over_id, compared.period
ORDER BY above.over_id, compared.period
