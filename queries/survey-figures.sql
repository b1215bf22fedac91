-- Satisfaction by survey: one row per agency, wave and part, as published.
-- Gives org_id, period, breakdown, value, source. Needs $instrument.
SELECT
    org_id,
    wave AS period,
    part AS breakdown,
    value,
    source || ', n = ' || CAST(sample_size AS VARCHAR) AS source
FROM fact.survey_figure
WHERE instrument = $instrument
  AND org_id IS NOT NULL
ORDER BY org_id, wave, coalesce(part, '')
