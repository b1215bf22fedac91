-- kept: yes
-- Parts and wholes of forms, summed: one row per indicator, body and period. A form without levels counts for its body and all
-- that stand above it; one with levels for bodies of its own level, for their group, and for the country.
WITH read_on AS (
    SELECT sent.indicator, above.over_id AS org_id, sent.period, sent.part, sent.whole
    FROM fact.register_figure AS sent
    JOIN ref.organisation_over AS above ON above.org_id = sent.org_id
    LEFT JOIN ref.organisation AS body ON body.org_id = above.over_id
    WHERE sent.level IS NULL
       OR body.level IN (sent.level, 'country')
       -- A unit of a province answers for itself and, at the level of the province, with the province.
       OR (body.level = 'province-unit' AND sent.level = 'province' AND above.over_id = sent.org_id)
    UNION ALL
    SELECT sent.indicator, grouped.org_id, sent.period, sent.part, sent.whole
    FROM fact.register_figure AS sent
    JOIN ref.target_level AS grouped ON grouped.level = sent.level
)
SELECT indicator, org_id, period, CAST(sum(part) AS BIGINT) AS part, CAST(sum(whole) AS BIGINT) AS whole
FROM read_on
GROUP BY indicator, org_id, period
