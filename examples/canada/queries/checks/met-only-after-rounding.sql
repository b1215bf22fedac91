-- title: The standard is met only because performance was rounded first
-- severity: warning
-- table: fact.inventory_standard
-- The publisher rounds performance to four places and compares the rounded number with the target.
SELECT
    fiscal_yr,
    owner_org,
    service_id,
    service_standard_id,
    CAST(volume_meeting_target AS VARCHAR) || ' of ' || CAST(total_volume AS VARCHAR)
        || ' is below ' || CAST(target AS VARCHAR)
        || ', rounded performance ' || COALESCE(CAST(performance AS VARCHAR), 'blank') AS detail
FROM fact.inventory_standard
WHERE target_met = 'Y'
  AND total_volume > 0
  AND CAST(volume_meeting_target AS DOUBLE) / total_volume < target
ORDER BY fiscal_yr, owner_org, service_id, service_standard_id
