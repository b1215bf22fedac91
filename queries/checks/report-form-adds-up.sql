-- title: Form II.06 adds up, as agencies sent it and as their dossiers give it
-- title_vi: Biểu II.06 cộng khớp, cả biểu do cơ quan gửi lẫn biểu tính từ hồ sơ
-- severity: error
-- table: fact.report_form
WITH form AS (
    SELECT
        'form' AS origin, org_id, period, level, field_name, received, received_online, received_in_person, carried_over,
        resolved, resolved_early, resolved_on_time, resolved_late, in_process, in_process_in_time, in_process_overdue
    FROM fact.report_form
    UNION ALL
    SELECT
        'dossiers', org_id, period, level, coalesce(field_name, field_code), received, received_online, received_in_person,
        carried_over, resolved, resolved_early, resolved_on_time, resolved_late, in_process, in_process_in_time, in_process_overdue
    FROM fact.report_form_computed
),
identity AS (
    SELECT origin, org_id, period, level, field_name, '3 = 4 + 5 + 6' AS rule, received AS total,
        received_online + received_in_person + carried_over AS parts
    FROM form
    UNION ALL
    SELECT origin, org_id, period, level, field_name, '7 = 8 + 9 + 10', resolved,
        resolved_early + resolved_on_time + resolved_late
    FROM form
    UNION ALL
    SELECT origin, org_id, period, level, field_name, '11 = 12 + 13', in_process, in_process_in_time + in_process_overdue
    FROM form
    UNION ALL
    SELECT origin, org_id, period, level, field_name, '3 = 7 + 11', received, resolved + in_process
    FROM form
)
SELECT
    origin,
    org_id,
    period,
    level,
    field_name,
    'column ' || rule || ': ' || CAST(total AS VARCHAR) || ' against ' || CAST(parts AS VARCHAR) || ', difference '
        || CAST(total - parts AS VARCHAR) AS detail
FROM identity
WHERE total <> parts
ORDER BY origin DESC, org_id, period, level, field_name, rule
