-- Dossiers neither late nor disliked (part 5.4): one row per province and period for which the portal showed both counts or one of them.
-- Gives org_id, period, numerator, denominator, status, source. Needs $part.
SELECT
    org_id,
    period,
    numerator,
    denominator,
    status,
    source
FROM fact.index766_part
WHERE part = $part
ORDER BY org_id, period
