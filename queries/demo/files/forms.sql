-- Form II.06 as each sender would fill it in by hand: its dossiers by field, by shares and not by count, so that forms and
-- dossiers differ as they do; under the quarters of the administrative calendar, though counted by the civil one. Each form keeps its identities, and takes over what the one before it left.
WITH field AS (
    SELECT kind, name_vi AS field_name, CAST(share AS DOUBLE) AS share, row_number() OVER (PARTITION BY kind ORDER BY field_code) AS n
    FROM read_csv(getvariable('project') || '/data/vietnam/demo/fields.csv', all_varchar = true)
),
line AS (
    SELECT
        b.code,
        b.quarter,
        b.quarter_no,
        CASE f.kind WHEN 'department' THEN 'province' ELSE f.kind END AS level,
        f.n,
        f.field_name,
        CAST(floor(b.dossiers * f.share * CASE f.kind WHEN 'ministry' THEN 1 WHEN 'commune' THEN 0.75 ELSE 0.25 END) AS BIGINT) AS received_now,
        b.online,
        b.late
    FROM demo.body_quarter AS b
    JOIN field AS f ON (f.kind = 'ministry') = (b.kind = 'ministry')
),
-- One dossier of eight is still in process at the end of its quarter.
left_over AS (
    SELECT *, received_now // 8 AS in_process, coalesce(lag(received_now // 8) OVER form, 0) AS carried_over
    FROM line
    WINDOW form AS (PARTITION BY code, level, n ORDER BY quarter_no)
),
settled AS (
    SELECT *, received_now + carried_over - in_process AS resolved, CAST(floor(received_now * online) AS BIGINT) AS received_online
    FROM left_over
),
judged AS (
    SELECT
        *,
        CAST(floor(resolved * late) AS BIGINT) AS resolved_late,
        CAST(floor(resolved * (1 - late) * 0.7) AS BIGINT) AS resolved_early,
        CAST(floor(in_process * late) AS BIGINT) AS in_process_overdue
    FROM settled
)
SELECT
    'SYNTHETIC' AS DuLieuMoPhong,
    code AS reporting_code,
    quarter || '-adm' AS period,
    level,
    n AS line_number,
    field_name,
    received_now + carried_over AS received,
    received_online,
    received_now - received_online AS received_in_person,
    carried_over,
    resolved,
    resolved_early,
    resolved - resolved_early - resolved_late AS resolved_on_time,
    resolved_late,
    in_process,
    in_process - in_process_overdue AS in_process_in_time,
    in_process_overdue
FROM judged
ORDER BY code, quarter, level, n
