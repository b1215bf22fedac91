-- Parts of the 766 index: one row per province, period and part, with the organisation it belongs to. Of a period that was captured
-- again the last capture counts.
SELECT
    f.org_id,
    p.period,
    p.status,
    f.group_code,
    f.part,
    f.numerator,
    f.denominator,
    f.score,
    f.max_score,
    -- The portal gives the mean days of a province beside its progress; they were kept in the note.
    CAST(nullif(regexp_extract(f.note, 'mean days ([0-9.]+)', 1), '') AS DOUBLE) AS mean_days,
    p.source
FROM fact.index766_subindicator AS f
JOIN fact.capture_period AS p ON p.portal_period = f.period AND p.captured_on = f.captured_on
QUALIFY row_number() OVER (PARTITION BY f.org_id, p.period, f.group_code, f.part ORDER BY f.captured_on DESC) = 1
