-- Timeliness: one row per service in scope, fiscal year and channel that has a timeliness standard.
-- A blank volume counts as nothing; the part that missed the target may be below 0 where the data contradict themselves.
SELECT
    org_id,
    period,
    fiscal_yr,
    service_id,
    channel,
    CAST(coalesce(sum(volume_meeting_target), 0) AS BIGINT) AS volume_meeting_target,
    CAST(coalesce(sum(total_volume), 0) AS BIGINT) AS total_volume,
    CAST(coalesce(sum(total_volume), 0) - coalesce(sum(volume_meeting_target), 0) AS BIGINT) AS volume_not_meeting_target
FROM fact.standard_year
WHERE type = 'TML'
GROUP BY ALL
