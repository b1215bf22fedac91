-- Form II.06 on the settlement of procedures, from the dossiers: one row per level and field of a body and all below it.
-- Gives the names in both languages and the columns (3) to (13). Needs $org_id, $period, $period_start and $period_end.
WITH field AS (
    SELECT
        computed.level,
        computed.field_code,
        min(computed.field_name) AS field_name,
        CAST(sum(computed.received) AS BIGINT) AS received,
        CAST(sum(computed.received_online) AS BIGINT) AS received_online,
        CAST(sum(computed.received_in_person) AS BIGINT) AS received_in_person,
        CAST(sum(computed.carried_over) AS BIGINT) AS carried_over,
        CAST(sum(computed.resolved) AS BIGINT) AS resolved,
        CAST(sum(computed.resolved_early) AS BIGINT) AS resolved_early,
        CAST(sum(computed.resolved_on_time) AS BIGINT) AS resolved_on_time,
        CAST(sum(computed.resolved_late) AS BIGINT) AS resolved_late,
        CAST(sum(computed.in_process) AS BIGINT) AS in_process,
        CAST(sum(computed.in_process_in_time) AS BIGINT) AS in_process_in_time,
        CAST(sum(computed.in_process_overdue) AS BIGINT) AS in_process_overdue
    FROM fact.report_form_computed AS computed
    JOIN ref.organisation_above AS above
        ON above.org_id = computed.org_id
        AND CAST($period_end AS DATE) BETWEEN above.first_on AND above.last_on
        AND CAST($period_start AS DATE) BETWEEN above.held_from AND above.held_to
    WHERE above.above_id = $org_id
      AND computed.period = $period
    GROUP BY computed.level, computed.field_code
)
SELECT
    level.name_vi AS part_vi,
    level.name_en AS part_en,
    coalesce(field.field_name, field.field_code, 'Lĩnh vực không rõ') AS name_vi,
    coalesce(field.field_name, field.field_code, 'Unknown field') AS name_en,
    field.* EXCLUDE (level, field_code, field_name)
FROM field
LEFT JOIN (VALUES
    ('ministry', 1, 'TTHC thuộc thẩm quyền giải quyết của bộ, cơ quan trung ương', 'Procedures settled by ministries and central bodies'),
    ('province', 2, 'TTHC thuộc thẩm quyền giải quyết của cấp tỉnh', 'Procedures settled at provincial level'),
    ('district', 3, 'TTHC thuộc thẩm quyền giải quyết của cấp huyện (đến 30/06/2025)', 'Procedures settled at district level (until 30 June 2025)'),
    ('commune', 4, 'TTHC thuộc thẩm quyền giải quyết của cấp xã', 'Procedures settled at commune level')
) AS level (level, position, name_vi, name_en)
    ON level.level = field.level
ORDER BY level.position NULLS LAST, field.field_code NULLS LAST
