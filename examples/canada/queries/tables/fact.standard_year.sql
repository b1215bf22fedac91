-- Standards of the services in scope: one row per standard, with what its service is.
SELECT
    org_id,
    period,
    fiscal_yr,
    service_id,
    service_standard_id,
    service_standard_en,
    type,
    channel,
    target,
    volume_meeting_target,
    total_volume,
    performance,
    target_met,
    coalesce(target_met = 'Y', false) AS is_met,
    coalesce(target_met IN ('Y', 'N'), false) AS is_judged,
    is_external,
    is_high_volume
FROM fact.inventory_standard
JOIN ref.organisation_of_name ON name = owner_org
JOIN (
    SELECT org_id, period, fiscal_yr, service_id, is_external, is_high_volume
    FROM fact.service_year
) AS service USING (org_id, fiscal_yr, service_id)
WHERE fiscal_yr = inventory_year
