-- Age of what ministries and provinces send: one row per agency that has ever sent something, per group of these, and for the
-- country, with the total and each feed. Gives org_id, breakdown, numerator (days from the last day that an agency's data
-- speak of to the last day of the period), denominator (agencies and feeds). Needs $period_end.
WITH heard AS (
    SELECT feed.feed, agency.org_id, max(feed.heard_on) AS heard_on
    FROM fact.feed_day AS feed
    JOIN ref.organisation_above AS above
        ON above.org_id = feed.org_id
        AND $period_end BETWEEN above.first_on AND above.last_on
        AND feed.heard_on BETWEEN above.held_from AND above.held_to
    JOIN ref.organisation AS agency
        ON agency.org_id = above.above_id
        AND agency.level IN ('ministry', 'province')
        AND CAST($period_end AS DATE) BETWEEN coalesce(agency.valid_from, DATE '0001-01-01') AND coalesce(agency.valid_to, DATE '9999-12-31')
    WHERE feed.heard_from <= CAST($period_end AS DATE)
    GROUP BY feed.feed, agency.org_id
)
SELECT
    above.over_id AS org_id,
    heard.feed AS breakdown,
    CAST(sum(date_diff('day', heard.heard_on, CAST($period_end AS DATE))) AS BIGINT) AS numerator,
    count(*) AS denominator
FROM heard
JOIN ref.organisation_over AS above ON above.org_id = heard.org_id
GROUP BY GROUPING SETS ((above.over_id), (above.over_id, heard.feed))
ORDER BY above.over_id, heard.feed NULLS FIRST
