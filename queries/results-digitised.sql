-- Results of procedures still in force that are digitised: one row per body and period with its own level, per group of bodies of a level, and for the country.
-- Gives org_id, period, numerator, denominator. What was sent without one of the two counts on neither side.
SELECT org_id, period, part AS numerator, whole AS denominator
FROM fact.register_over
WHERE indicator = 'results-digitised'
ORDER BY org_id, period
