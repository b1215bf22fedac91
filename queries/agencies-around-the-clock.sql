-- Agencies that serve around the clock: one row per ministry and province that has answered, per group of these, and for the country.
-- Gives org_id, numerator, denominator. Needs $period_end and $kind. The last answer up to the last day of the period holds.
-- While one of the agencies has not answered, the number of those above it is not known.
WITH answered AS (
    SELECT
        org_id,
        met,
        row_number() OVER (PARTITION BY org_id ORDER BY as_of DESC, file_id DESC) AS place
    FROM fact.agency_state
    WHERE kind = $kind
      AND as_of <= CAST($period_end AS DATE)
)
SELECT
    above.over_id AS org_id,
    CASE WHEN count(*) = count(answered.met) THEN count(*) FILTER (WHERE answered.met) END AS numerator,
    count(*) AS denominator
FROM ref.organisation AS agency
JOIN ref.organisation_over AS above ON above.org_id = agency.org_id
LEFT JOIN answered ON answered.org_id = agency.org_id AND answered.place = 1
WHERE agency.level IN ('ministry', 'province')
  AND CAST($period_end AS DATE) BETWEEN coalesce(agency.valid_from, DATE '0001-01-01') AND coalesce(agency.valid_to, DATE '9999-12-31')
GROUP BY above.over_id
HAVING count(answered.met) > 0
ORDER BY above.over_id
