-- Ministries and provinces that sent data of the period: one row per agency, per group of these, and for the country, with
-- the total (any feed) and each feed that somebody sent. Gives org_id, breakdown, numerator, denominator.
-- Needs $period_start and $period_end. An agency that sent nothing is in the denominator; where nobody sent anything there is no row.
WITH agency AS (
    SELECT org_id
    FROM ref.organisation
    WHERE level IN ('ministry', 'province')
      AND CAST($period_end AS DATE) BETWEEN coalesce(valid_from, DATE '0001-01-01') AND coalesce(valid_to, DATE '9999-12-31')
),
heard AS (
    SELECT DISTINCT feed.feed, above.above_id AS org_id
    FROM fact.feed_day AS feed
    JOIN ref.organisation_above AS above
        ON above.org_id = feed.org_id
        AND $period_end BETWEEN above.first_on AND above.last_on
        AND feed.heard_on BETWEEN above.held_from AND above.held_to
    JOIN agency ON agency.org_id = above.above_id
    WHERE feed.heard_on BETWEEN CAST($period_start AS DATE) AND CAST($period_end AS DATE)
),
asked AS (
    SELECT DISTINCT feed FROM heard
    UNION ALL
    SELECT DISTINCT '' FROM heard
),
answered AS (
    SELECT feed, org_id FROM heard
    UNION ALL
    SELECT DISTINCT '', org_id FROM heard
)
SELECT
    above.over_id AS org_id,
    asked.feed AS breakdown,
    count(answered.org_id) AS numerator,
    count(*) AS denominator
FROM agency
CROSS JOIN asked
JOIN ref.organisation_over AS above ON above.org_id = agency.org_id
LEFT JOIN answered
    ON answered.feed = asked.feed
    AND answered.org_id = agency.org_id
GROUP BY above.over_id, asked.feed
ORDER BY above.over_id, asked.feed
