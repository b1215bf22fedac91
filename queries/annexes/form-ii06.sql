-- Form II.06 on the settlement of procedures, from the dossiers: one row per level and field of a body and all below it.
-- What a body left open when it ended is in process with whoever holds it on the last day.
-- Gives the names in both languages and the columns (3) to (13). Needs $org_id, $period, $period_start and $period_end.
WITH held AS (
    SELECT
        org_id,
        bool_or(CAST($period_start AS DATE) BETWEEN held_from AND held_to) AS at_first,
        bool_or(CAST($period_end AS DATE) BETWEEN held_from AND held_to) AS at_last
    FROM ref.organisation_above
    WHERE above_id = $org_id
      AND CAST($period_end AS DATE) BETWEEN first_on AND last_on
    GROUP BY org_id
),
field AS (
    SELECT
        computed.level,
        computed.field_code,
        min(computed.field_name) AS field_name,
        CAST(coalesce(sum(computed.received) FILTER (WHERE at_first), 0) AS BIGINT) AS received,
        CAST(coalesce(sum(computed.received_online) FILTER (WHERE at_first), 0) AS BIGINT) AS received_online,
        CAST(coalesce(sum(computed.received_in_person) FILTER (WHERE at_first), 0) AS BIGINT) AS received_in_person,
        CAST(coalesce(sum(computed.carried_over) FILTER (WHERE at_first), 0) AS BIGINT) AS carried_over,
        CAST(coalesce(sum(computed.resolved) FILTER (WHERE at_first), 0) AS BIGINT) AS resolved,
        CAST(coalesce(sum(computed.resolved_early) FILTER (WHERE at_first), 0) AS BIGINT) AS resolved_early,
        CAST(coalesce(sum(computed.resolved_on_time) FILTER (WHERE at_first), 0) AS BIGINT) AS resolved_on_time,
        CAST(coalesce(sum(computed.resolved_late) FILTER (WHERE at_first), 0) AS BIGINT) AS resolved_late,
        CAST(coalesce(sum(computed.in_process) FILTER (WHERE at_last), 0) AS BIGINT) AS in_process,
        CAST(coalesce(sum(computed.in_process_in_time) FILTER (WHERE at_last), 0) AS BIGINT) AS in_process_in_time,
        CAST(coalesce(sum(computed.in_process_overdue) FILTER (WHERE at_last), 0) AS BIGINT) AS in_process_overdue
    FROM fact.report_form_computed AS computed
    JOIN held
        ON held.org_id = computed.org_id
        AND (held.at_first OR held.at_last)
    WHERE computed.period = $period
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
ORDER BY level.position NULLS LAST, coalesce(field.field_name, field.field_code) IS NULL, name_vi COLLATE vi, field.field_code
