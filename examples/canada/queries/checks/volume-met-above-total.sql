-- title: More cases met the standard than there were cases
-- severity: warning
-- table: fact.inventory_standard
-- A blank total with cases that met the standard is the same contradiction.
SELECT
    fiscal_yr,
    owner_org,
    service_id,
    service_standard_id,
    CAST(volume_meeting_target AS VARCHAR) || ' met of '
        || COALESCE(CAST(total_volume AS VARCHAR), 'blank') AS detail
FROM fact.inventory_standard
WHERE volume_meeting_target > COALESCE(total_volume, 0)
ORDER BY fiscal_yr, owner_org, service_id, service_standard_id
