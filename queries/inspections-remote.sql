-- Inspections done through digital systems: one row per body and period, and per body above it.
-- Gives org_id, period, numerator, denominator. What was sent without one of the two counts on neither side.
SELECT org_id, period, part AS numerator, whole AS denominator
FROM fact.register_over
WHERE indicator = 'inspections-remote'
ORDER BY org_id, period
