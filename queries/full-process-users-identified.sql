-- Users of full-process services identified and authenticated: one row for the country and each period for which both counts were sent.
-- Gives org_id, period, numerator, denominator. Needs $part and $whole.
SELECT
    'VN' AS org_id,
    part.period,
    part.count AS numerator,
    whole.count AS denominator
FROM fact.portal_account AS part
JOIN fact.portal_account AS whole ON whole.period = part.period AND whole.kind = $whole
WHERE part.kind = $part
ORDER BY part.period
