-- Rows of a current file by the sender that they count for: one row per rule, file and sender.
-- A row kept out counts for the body whose code it carries; without a readable code, as where it could not even be cut
-- into cells, for the only sender of its file, if it has one. A body below an expected one counts for that one.
-- Needs the table asked_delivery.
WITH RECURSIVE body AS MATERIALIZED (
    SELECT CAST(org_id AS VARCHAR) AS org_id, CAST(level AS VARCHAR) AS level, CAST(parent_id AS VARCHAR) AS parent_id
    FROM ref.organisation
),
rule AS (
    SELECT DISTINCT rule, levels, excepted
    FROM asked_delivery
),
above AS (
    SELECT DISTINCT org_id, org_id AS above_id, 0 AS steps
    FROM meta.sent
    WHERE org_id IS NOT NULL
    UNION ALL
    SELECT a.org_id, b.parent_id, a.steps + 1
    FROM above AS a
    JOIN body AS b ON b.org_id = a.above_id
    WHERE b.parent_id IS NOT NULL AND a.steps < 20
),
-- The nearest body above that is expected to send; a body of no such one is a sender by itself.
sender AS (
    SELECT r.rule, a.org_id, arg_min(a.above_id, a.steps) AS sender_id
    FROM rule AS r
    CROSS JOIN above AS a
    JOIN body AS b ON b.org_id = a.above_id
    WHERE list_contains(string_split(r.levels, ','), b.level)
      AND NOT list_contains(string_split(r.excepted, ','), b.org_id)
    GROUP BY ALL
),
of_row AS (
    SELECT
        s.rule,
        s.file_id,
        coalesce(sender.sender_id, s.org_id) AS org_id,
        sum(s.rows_loaded) AS rows_loaded,
        sum(s.rows_rejected) AS rows_rejected
    FROM meta.sent AS s
    JOIN meta.current_file AS f ON f.file_id = s.file_id
    LEFT JOIN sender ON sender.rule = s.rule AND sender.org_id = s.org_id
    GROUP BY ALL
),
only_sender AS (
    SELECT rule, file_id, min(org_id) AS org_id
    FROM of_row
    GROUP BY rule, file_id
    HAVING count(DISTINCT org_id) = 1
),
torn AS (
    SELECT r.rule, d.file_id, d.rows_rejected - coalesce(sum(o.rows_rejected), 0) AS rows
    FROM (SELECT DISTINCT rule, table_name FROM asked_delivery) AS r
    JOIN meta.delivery AS d ON d.table_name = r.table_name
    JOIN meta.current_file AS f ON f.file_id = d.file_id
    LEFT JOIN of_row AS o ON o.rule = r.rule AND o.file_id = d.file_id
    GROUP BY r.rule, d.file_id, d.rows_rejected
),
together AS (
    SELECT rule, file_id, org_id, rows_loaded, rows_rejected
    FROM of_row
    UNION ALL
    SELECT rule, file_id, NULL, 0, rows
    FROM torn
    WHERE rows > 0
)
SELECT
    t.rule,
    t.file_id,
    coalesce(t.org_id, o.org_id) AS org_id,
    sum(t.rows_loaded) AS rows_loaded,
    sum(t.rows_rejected) AS rows_rejected
FROM together AS t
LEFT JOIN only_sender AS o ON o.rule = t.rule AND o.file_id = t.file_id
GROUP BY ALL
ORDER BY ALL
