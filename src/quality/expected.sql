-- What every sender had to send, and what came: one row per rule, sender and period.
-- Needs the tables asked_delivery and vintage_day, and $judged_on. Files and their rows stand in meta.sent.
WITH RECURSIVE body AS MATERIALIZED (
    SELECT
        CAST(org_id AS VARCHAR) AS org_id,
        CAST(level AS VARCHAR) AS level,
        CAST(parent_id AS VARCHAR) AS parent_id,
        coalesce(CAST(valid_from AS DATE), DATE '0001-01-01') AS valid_from,
        coalesce(CAST(valid_to AS DATE), DATE '9999-12-31') AS valid_to
    FROM ref.organisation
),
expected AS MATERIALIZED (
    SELECT a.rule, b.org_id, a.period, a.first_on, a.last_on, a.due_on, a.is_shown
    FROM asked_delivery AS a
    JOIN body AS b
        ON list_contains(string_split(a.levels, ','), b.level)
        AND a.last_on BETWEEN b.valid_from AND b.valid_to
    WHERE NOT list_contains(string_split(a.excepted, ','), b.org_id)
),
-- A body that sends under its own code sends for all above it that are expected to.
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
-- A file that is read again was there before: its bytes came with the first vintage that had them.
came AS (
    SELECT d.file_id, d.superseded_in IS NULL AS is_current, min(v.day) AS day
    FROM meta.delivery AS d
    JOIN meta.delivery AS same ON same.source_id = d.source_id AND same.slot = d.slot AND same.sha256 = d.sha256
    JOIN vintage_day AS v ON v.vintage = same.vintage
    GROUP BY ALL
),
-- A file that came before the last day of a period is a part of it, not its delivery.
delivered AS (
    SELECT
        e.rule,
        e.org_id,
        e.period,
        min(came.day) AS delivered_on,
        count(DISTINCT s.file_id) FILTER (came.is_current) AS files,
        list(DISTINCT s.file_id) FILTER (came.is_current) AS file_ids
    FROM meta.sent AS s
    JOIN above AS a ON a.org_id = s.org_id
    JOIN expected AS e
        ON e.rule = s.rule
        AND e.org_id = a.above_id
        AND s.first_on BETWEEN e.first_on AND e.last_on
        AND (s.first_on = s.last_on OR (s.first_on = e.first_on AND s.last_on = e.last_on))
    JOIN came ON came.file_id = s.file_id AND came.day >= e.last_on
    WHERE s.rows_loaded > 0
    GROUP BY ALL
),
counted AS (
    SELECT
        d.rule,
        d.org_id,
        d.period,
        sum(f.rows_loaded + f.rows_rejected) AS rows_read,
        sum(f.rows_rejected) AS rows_rejected
    FROM (SELECT rule, org_id, period, unnest(file_ids) AS file_id FROM delivered) AS d
    JOIN meta.sender_file AS f ON f.rule = d.rule AND f.file_id = d.file_id AND f.org_id = d.org_id
    GROUP BY ALL
),
beginning AS (
    SELECT min(day) AS day
    FROM vintage_day
)
SELECT
    e.rule,
    e.org_id,
    e.period,
    e.first_on,
    e.last_on,
    e.due_on,
    d.delivered_on,
    CASE
        WHEN coalesce(d.files, 0) = 0 AND e.due_on >= CAST($judged_on AS DATE) THEN 'awaited'
        WHEN coalesce(d.files, 0) = 0 AND e.last_on >= CAST($judged_on AS DATE) THEN 'awaited'
        WHEN coalesce(d.files, 0) = 0 THEN 'not-reported'
        WHEN e.due_on IS NULL THEN 'untimed'
        WHEN d.delivered_on <= e.due_on THEN 'on-time'
        -- What was due before anything was ever loaded, and came with the first load, may have been there in time.
        WHEN d.delivered_on = b.day THEN 'untimed'
        ELSE 'late'
    END AS status,
    CASE WHEN status = 'late' THEN CAST(d.delivered_on - e.due_on AS INTEGER) END AS days_late,
    coalesce(d.files, 0) AS files,
    coalesce(c.rows_read, 0) AS rows_read,
    coalesce(c.rows_rejected, 0) AS rows_rejected,
    e.is_shown
FROM expected AS e
CROSS JOIN beginning AS b
LEFT JOIN delivered AS d ON d.rule = e.rule AND d.org_id = e.org_id AND d.period = e.period
LEFT JOIN counted AS c ON c.rule = e.rule AND c.org_id = e.org_id AND c.period = e.period
ORDER BY e.rule, e.last_on, e.org_id
