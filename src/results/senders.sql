-- Senders with what they had to send and what came of it: one row per sender, those last whose code is nobody's.
WITH RECURSIVE expected AS (
    SELECT
        org_id,
        count(*) AS expected,
        count(*) FILTER (status = 'on-time') AS on_time,
        count(*) FILTER (status = 'late') AS late,
        count(*) FILTER (status = 'untimed') AS untimed,
        count(*) FILTER (status = 'not-reported') AS not_reported,
        count(*) FILTER (status = 'awaited') AS awaited,
        count(*) FILTER (files > 0 AND rows_rejected > 0) AS partial,
        max(days_late) AS most_days_late
    FROM meta.sender_period
    WHERE is_shown
    GROUP BY org_id
),
file AS (
    SELECT org_id, sum(rows_loaded) AS rows_loaded, sum(rows_rejected) AS rows_rejected
    FROM meta.sender_file
    GROUP BY org_id
),
sender AS (
    SELECT org_id FROM expected
    UNION
    SELECT org_id FROM file
),
-- Rules count by the body of the row; it counts for the nearest sender above it.
above AS (
    SELECT DISTINCT org_id, org_id AS above_id, 0 AS steps
    FROM meta.check_sender
    WHERE org_id IS NOT NULL
    UNION ALL
    SELECT a.org_id, CAST(b.parent_id AS VARCHAR), a.steps + 1
    FROM above AS a
    JOIN ref.organisation AS b ON b.org_id = a.above_id
    WHERE b.parent_id IS NOT NULL AND a.steps < 20
),
nearest AS (
    SELECT a.org_id, arg_min(a.above_id, a.steps) AS sender_id
    FROM above AS a
    JOIN sender AS s ON s.org_id = a.above_id
    GROUP BY a.org_id
),
broken AS (
    SELECT n.sender_id, string_agg(DISTINCT c.check_id, ',' ORDER BY c.check_id) AS checks
    FROM meta.check_sender AS c
    JOIN nearest AS n ON n.org_id = c.org_id
    WHERE c.is_over
    GROUP BY n.sender_id
),
last_number AS (
    SELECT o.org_id, o.verdict
    FROM out.outlier AS o
    JOIN meta.period AS p ON p.period = o.period
    QUALIFY p.last_on = max(p.last_on) OVER (PARTITION BY o.indicator)
),
unlike AS (
    SELECT org_id, count(*) AS outliers
    FROM last_number
    WHERE verdict <> 'usual'
    GROUP BY org_id
)
SELECT
    s.org_id,
    e.expected,
    e.on_time,
    e.late,
    e.untimed,
    e.not_reported,
    e.awaited,
    e.partial,
    e.most_days_late,
    CAST(f.rows_loaded AS BIGINT),
    CAST(f.rows_rejected AS BIGINT),
    b.checks,
    u.outliers
FROM sender AS s
LEFT JOIN expected AS e ON e.org_id = s.org_id
LEFT JOIN file AS f ON f.org_id IS NOT DISTINCT FROM s.org_id
LEFT JOIN broken AS b ON b.sender_id = s.org_id
LEFT JOIN unlike AS u ON u.org_id = s.org_id
LEFT JOIN ref.organisation AS o ON o.org_id = s.org_id
ORDER BY s.org_id IS NULL, CAST(o.level AS VARCHAR), CAST(o.position AS INTEGER) NULLS LAST, s.org_id
