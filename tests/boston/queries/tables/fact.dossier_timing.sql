-- Requests with their department, month of opening and days to closing: one row per request.
-- A request of an unknown department stays, under the city alone: see the check.
SELECT
    coalesce(org_id, 'boston') AS org_id,
    strftime(opened_at, '%Y-%m') AS month,
    opened_at,
    due_at,
    closed_at,
    on_time_flag,
    channel,
    channel IN ('Self Service', 'Citizens Connect App', 'Twitter') AS is_online,
    closed_at IS NOT NULL AND due_at IS NOT NULL AS is_closed_with_target,
    closed_at <= due_at AS is_closed_on_time,
    date_diff('microsecond', opened_at, closed_at) / 86400000000.0 AS days
FROM fact.dossier
LEFT JOIN ref.department USING (department_code)
