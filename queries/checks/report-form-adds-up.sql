-- title: Form II.06 adds up, as agencies sent it
-- title_vi: Biểu II.06 do cơ quan gửi cộng khớp
-- severity: error
-- table: fact.report_form
WITH identity AS (
    SELECT org_id, period, level, field_name, '3 = 4 + 5 + 6' AS rule, received AS total,
        received_online + received_in_person + carried_over AS parts
    FROM fact.report_form
    UNION ALL
    SELECT org_id, period, level, field_name, '7 = 8 + 9 + 10', resolved, resolved_early + resolved_on_time + resolved_late
    FROM fact.report_form
    UNION ALL
    SELECT org_id, period, level, field_name, '11 = 12 + 13', in_process, in_process_in_time + in_process_overdue
    FROM fact.report_form
    UNION ALL
    SELECT org_id, period, level, field_name, '3 = 7 + 11', received, resolved + in_process
    FROM fact.report_form
)
SELECT
    org_id,
    period,
    level,
    field_name,
    'column ' || rule || ': ' || CAST(total AS VARCHAR) || ' against ' || CAST(parts AS VARCHAR) || ', difference '
        || CAST(total - parts AS VARCHAR) AS detail_en,
    'cột ' || rule || ': ' || CAST(total AS VARCHAR) || ' so với ' || CAST(parts AS VARCHAR) || ', chênh lệch '
        || CAST(total - parts AS VARCHAR) AS detail_vi
FROM identity
WHERE total <> parts
ORDER BY org_id, period, level, field_name, rule
