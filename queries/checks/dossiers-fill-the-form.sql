-- title: Form II.06 adds up, as the dossiers give it
-- title_vi: Biểu II.06 tính từ hồ sơ cộng khớp
-- severity: warning
-- table: fact.dossier
-- It does not by the dossiers without a due day (7 = 8 + 9 + 10, 11 = 12 + 13) and by those that ended on no known day (3 = 7 + 11).
WITH form AS (
    SELECT
        org_id,
        period,
        sum(received) AS received,
        sum(received_online) + sum(received_in_person) + sum(carried_over) AS received_parts,
        sum(resolved) AS resolved,
        sum(resolved_early) + sum(resolved_on_time) + sum(resolved_late) AS resolved_parts,
        sum(in_process) AS in_process,
        sum(in_process_in_time) + sum(in_process_overdue) AS in_process_parts
    FROM fact.report_form_computed
    GROUP BY org_id, period
),
identity AS (
    SELECT org_id, period, '3 = 4 + 5 + 6' AS rule, received AS total, received_parts AS parts FROM form
    UNION ALL
    SELECT org_id, period, '7 = 8 + 9 + 10', resolved, resolved_parts FROM form
    UNION ALL
    SELECT org_id, period, '11 = 12 + 13', in_process, in_process_parts FROM form
    UNION ALL
    SELECT org_id, period, '3 = 7 + 11', received, resolved + in_process FROM form
)
SELECT
    org_id,
    period,
    'column ' || rule || ': ' || CAST(total AS VARCHAR) || ' against ' || CAST(parts AS VARCHAR) || ', difference '
        || CAST(total - parts AS VARCHAR) AS detail_en,
    'cột ' || rule || ': ' || CAST(total AS VARCHAR) || ' so với ' || CAST(parts AS VARCHAR) || ', chênh lệch '
        || CAST(total - parts AS VARCHAR) AS detail_vi
FROM identity
WHERE total <> parts
ORDER BY org_id, period, rule
