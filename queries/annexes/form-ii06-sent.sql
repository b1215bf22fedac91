-- Form II.06 as it was sent: one row per level and field, of the form that a body sent itself, else of the forms of those right
-- below it. A column that one of the forms leaves empty has no sum.
-- Gives the names in both languages and the columns (3) to (13). Needs $org_id, $period and $period_end.
WITH sent AS (
    SELECT *
    FROM fact.report_form
    WHERE org_id IS NOT NULL
      AND period = $period
),
body AS (
    SELECT DISTINCT org_id
    FROM sent
    WHERE org_id = $org_id
    UNION ALL
    SELECT DISTINCT parent.org_id
    FROM ref.organisation_parent AS parent
    WHERE parent.parent_id = $org_id
      AND CAST($period_end AS DATE) BETWEEN coalesce(parent.valid_from, DATE '0001-01-01')
          AND coalesce(parent.valid_to, DATE '9999-12-31')
      AND NOT EXISTS (SELECT * FROM sent WHERE sent.org_id = $org_id)
),
field AS (
    SELECT
        sent.level,
        sent.field_name,
        CASE WHEN count(received) = count(*) THEN CAST(sum(received) AS BIGINT) END AS received,
        CASE WHEN count(received_online) = count(*) THEN CAST(sum(received_online) AS BIGINT) END AS received_online,
        CASE WHEN count(received_in_person) = count(*) THEN CAST(sum(received_in_person) AS BIGINT) END AS received_in_person,
        CASE WHEN count(carried_over) = count(*) THEN CAST(sum(carried_over) AS BIGINT) END AS carried_over,
        CASE WHEN count(resolved) = count(*) THEN CAST(sum(resolved) AS BIGINT) END AS resolved,
        CASE WHEN count(resolved_early) = count(*) THEN CAST(sum(resolved_early) AS BIGINT) END AS resolved_early,
        CASE WHEN count(resolved_on_time) = count(*) THEN CAST(sum(resolved_on_time) AS BIGINT) END AS resolved_on_time,
        CASE WHEN count(resolved_late) = count(*) THEN CAST(sum(resolved_late) AS BIGINT) END AS resolved_late,
        CASE WHEN count(in_process) = count(*) THEN CAST(sum(in_process) AS BIGINT) END AS in_process,
        CASE WHEN count(in_process_in_time) = count(*) THEN CAST(sum(in_process_in_time) AS BIGINT) END AS in_process_in_time,
        CASE WHEN count(in_process_overdue) = count(*) THEN CAST(sum(in_process_overdue) AS BIGINT) END AS in_process_overdue
    FROM sent
    JOIN body ON body.org_id = sent.org_id
    GROUP BY sent.level, sent.field_name
)
SELECT
    level.name_vi AS part_vi,
    level.name_en AS part_en,
    field.field_name AS name_vi,
    field.field_name AS name_en,
    field.* EXCLUDE (level, field_name)
FROM field
LEFT JOIN (VALUES
    ('ministry', 1, 'TTHC thuộc thẩm quyền giải quyết của bộ, cơ quan trung ương', 'Procedures settled by ministries and central bodies'),
    ('province', 2, 'TTHC thuộc thẩm quyền giải quyết của cấp tỉnh', 'Procedures settled at provincial level'),
    ('district', 3, 'TTHC thuộc thẩm quyền giải quyết của cấp huyện (đến 30/06/2025)', 'Procedures settled at district level (until 30 June 2025)'),
    ('commune', 4, 'TTHC thuộc thẩm quyền giải quyết của cấp xã', 'Procedures settled at commune level')
) AS level (level, position, name_vi, name_en)
    ON level.level = field.level
ORDER BY level.position NULLS LAST, name_vi COLLATE vi, name_vi
