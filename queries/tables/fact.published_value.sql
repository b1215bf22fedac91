-- Published figures in the words of the project: one row per figure that is used for an indicator.
SELECT
    m.indicator,
    m.org_id,
    m.period,
    m.breakdown,
    m.part,
    -- Millions with one decimal would leave a trace of binary arithmetic behind.
    CASE WHEN m.multiplier > 1 THEN round(f.value * m.multiplier) ELSE f.value END AS value,
    m.status,
    -- A host is the same in every language.
    coalesce(m.source, replace(f.source, 'national portal, captured', 'dichvucong.gov.vn')) AS source
FROM fact.published_figure AS f
JOIN ref.published_figure_map AS m
    ON m.figure_indicator = f.indicator
    AND m.figure_period = f.period
    AND m.figure_area = f.area
WHERE m.use = 'observation'
