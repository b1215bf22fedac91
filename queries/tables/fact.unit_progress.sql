-- Dossiers of units and communes: one row per unit and period, with the organisation above it on the day of the capture, the last
-- of the period.
SELECT
    f.org_id,
    above.parent_id,
    p.period,
    p.status,
    f.received,
    f.on_time,
    f.overdue,
    f.avg_processing_days AS mean_days,
    p.source
FROM fact.index766_unit AS f
JOIN fact.capture_period AS p ON p.portal_period = f.period AND p.captured_on = f.captured_on
JOIN ref.organisation_parent AS above
    ON above.org_id = f.org_id
    AND f.captured_on BETWEEN coalesce(above.valid_from, DATE '0001-01-01') AND coalesce(above.valid_to, DATE '9999-12-31')
QUALIFY row_number() OVER (PARTITION BY f.org_id, p.period ORDER BY f.captured_on DESC) = 1
