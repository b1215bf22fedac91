-- Work files processed online: one row per body and period with its own level, per group of bodies of a level, and for the country.
-- Gives org_id, period, numerator, denominator. What was sent without its part counts on neither side.
WITH sent AS (
    SELECT
        org_id,
        period,
        level,
        processed_online AS part,
        CASE WHEN processed_online IS NOT NULL THEN opened - secret END AS whole
    FROM fact.work_file
),
read_on AS (
    -- A unit of a province answers for itself and, at the level of the province, with the province.
    SELECT sent.org_id AS of_id, sent.period, sent.level, sent.part, sent.whole, above.over_id AS org_id
    FROM sent
    JOIN ref.organisation_over AS above ON above.org_id = sent.org_id
    JOIN ref.organisation AS body ON body.org_id = above.over_id
    WHERE body.level IN (sent.level, 'country')
       OR (body.level = 'province-unit' AND sent.level = 'province' AND above.over_id = sent.org_id)
    UNION ALL
    SELECT sent.org_id, sent.period, sent.level, sent.part, sent.whole, grouped.org_id
    FROM sent
    JOIN ref.target_level AS grouped ON grouped.level = sent.level
)
SELECT
    org_id,
    period,
    CAST(sum(part) AS BIGINT) AS numerator,
    CAST(sum(whole) AS BIGINT) AS denominator
FROM read_on
GROUP BY org_id, period
ORDER BY org_id, period
