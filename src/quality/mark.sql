-- The mark of every number, with what it follows from: one row per number of which something is known.
-- Needs the tables check_scope and mark_rule; senders stand in meta.sender_period, outliers in out.outlier.
--
--   C   less than `complete_c` of what was expected came; more than `rejected_c` of the rows were kept out; the rows behind
--       it break a rule of severity error over its threshold, or one that marks its body and period
--   B   something expected did not come; more than `rejected_b` was kept out; a rule of severity warning is broken in one of these
--       ways; the number is unlike others, estimated, provisional, or taken over as it was published
--   A   it is known who had to send, and none of these
--   no mark where nothing is known
WITH RECURSIVE number AS (
    SELECT o.indicator, o.org_id, o.period, o.breakdown, o.status, o.source, i.shape, p.first_on, p.last_on
    FROM out.observation AS o
    JOIN meta.indicator AS i ON i.indicator = o.indicator
    LEFT JOIN meta.period AS p ON p.period = o.period
    WHERE o.value IS NOT NULL
),
parent AS MATERIALIZED (
    SELECT CAST(org_id AS VARCHAR) AS org_id, CAST(parent_id AS VARCHAR) AS parent_id
    FROM ref.organisation
),
body AS (
    SELECT org_id FROM number
    UNION
    SELECT org_id FROM meta.sender_period
    UNION
    SELECT org_id FROM meta.check_sender WHERE org_id IS NOT NULL
),
above AS (
    SELECT org_id, org_id AS above_id, 0 AS steps
    FROM body
    UNION ALL
    SELECT a.org_id, p.parent_id, a.steps + 1
    FROM above AS a
    JOIN parent AS p ON p.org_id = a.above_id
    WHERE p.parent_id IS NOT NULL AND a.steps < 20
),
-- The rows behind a number are those of its own body, of those below it, and of the one above that sends for it.
related AS MATERIALIZED (
    SELECT above_id AS org_id, org_id AS sender_id FROM above
    UNION
    SELECT org_id, above_id FROM above
),
indicator_rule AS (
    SELECT DISTINCT i.indicator, a.rule
    FROM meta.indicator_input AS i
    JOIN asked_delivery AS a ON i.kind = 'table' AND a.table_name = i.name
),
place AS MATERIALIZED (
    SELECT DISTINCT r.rule, n.org_id, n.period, n.first_on, n.last_on
    FROM number AS n
    JOIN indicator_rule AS r ON r.indicator = n.indicator
),
behind AS (
    SELECT
        p.rule,
        p.org_id,
        p.period,
        count(*) AS expected,
        count(*) FILTER (s.files > 0) AS arrived,
        sum(s.rows_read) AS rows_read,
        sum(s.rows_rejected) AS rows_rejected
    FROM place AS p
    JOIN related AS r ON r.org_id = p.org_id
    JOIN meta.sender_period AS s
        ON s.rule = p.rule
        AND s.org_id = r.sender_id
        AND s.first_on <= p.last_on
        AND s.last_on >= p.first_on
    GROUP BY ALL
),
sent AS (
    SELECT
        n.indicator, n.org_id, n.period,
        sum(b.expected) AS expected,
        sum(b.arrived) AS arrived,
        sum(b.rows_read) AS rows_read,
        sum(b.rows_rejected) AS rows_rejected
    FROM (SELECT DISTINCT indicator, org_id, period FROM number) AS n
    JOIN indicator_rule AS r ON r.indicator = n.indicator
    JOIN behind AS b ON b.rule = r.rule AND b.org_id = n.org_id AND b.period = n.period
    GROUP BY ALL
),
-- A rule is applied to all rows behind a number together: one sender that breaks it does not spoil a nation.
broken AS (
    SELECT r.org_id, c.check_id
    FROM meta.check_sender AS c
    JOIN (SELECT DISTINCT check_id, threshold FROM check_scope) AS s ON s.check_id = c.check_id
    JOIN related AS r ON r.sender_id = c.org_id
    GROUP BY r.org_id, c.check_id, s.threshold
    HAVING sum(c.broken) > s.threshold * sum(c.base)
),
checked AS (
    SELECT
        s.indicator,
        b.org_id,
        bool_or(s.severity = 'error') AS has_error,
        string_agg(b.check_id, ',' ORDER BY b.check_id) AS checks
    FROM broken AS b
    JOIN check_scope AS s ON s.check_id = b.check_id
    GROUP BY ALL
),
-- What a body sent for a period against a rule marks its own numbers of that time, not those of the bodies above.
row_checked AS (
    SELECT
        n.indicator,
        n.org_id,
        n.period,
        bool_or(s.severity = 'error') AS has_error,
        string_agg(DISTINCT c.check_id, ',' ORDER BY c.check_id) AS checks
    FROM meta.check_row AS c
    JOIN check_scope AS s ON s.check_id = c.check_id
    JOIN meta.period AS p ON p.period = c.period
    JOIN (SELECT DISTINCT indicator, org_id, period, first_on, last_on FROM number) AS n
        ON n.indicator = s.indicator
        AND n.org_id = c.org_id
        AND n.first_on <= p.first_on
        AND n.last_on >= p.last_on
    WHERE c.indicator IS NULL OR c.indicator = n.indicator
    GROUP BY ALL
),
known AS (
    SELECT
        n.*,
        s.expected,
        s.arrived,
        coalesce(s.rows_read, 0) AS rows_read,
        coalesce(s.rows_rejected, 0) AS rows_rejected,
        coalesce(s.rows_rejected / nullif(s.rows_read, 0), 0) AS rejected,
        coalesce(c.has_error, false) OR coalesce(w.has_error, false) AS has_error,
        concat_ws(',', c.checks, w.checks) AS checks,
        coalesce(o.verdict, 'usual') AS verdict
    FROM number AS n
    LEFT JOIN sent AS s ON s.indicator = n.indicator AND s.org_id = n.org_id AND s.period = n.period
    LEFT JOIN checked AS c ON c.indicator = n.indicator AND c.org_id = n.org_id
    LEFT JOIN row_checked AS w ON w.indicator = n.indicator AND w.org_id = n.org_id AND w.period = n.period
    LEFT JOIN out.outlier AS o
        ON o.indicator = n.indicator AND o.org_id = n.org_id AND o.period = n.period AND o.breakdown = n.breakdown
),
reasoned AS (
    SELECT
        k.*,
        expected IS NOT NULL AND arrived < m.complete_c * expected OR rejected > m.rejected_c OR has_error AS is_c,
        concat_ws(
            ',',
            CASE WHEN arrived < expected THEN 'incomplete' END,
            CASE WHEN rejected > m.rejected_b THEN 'rejected' END,
            CASE WHEN checks <> '' THEN 'rules' END,
            CASE WHEN verdict <> 'usual' THEN verdict END,
            CASE WHEN status = 'E' THEN 'estimated' END,
            CASE WHEN status = 'P' THEN 'provisional' END,
            CASE WHEN shape = 'value' AND source IS NOT NULL THEN 'taken-over' END
        ) AS reasons
    FROM known AS k
    CROSS JOIN mark_rule AS m
)
SELECT
    indicator,
    org_id,
    period,
    breakdown,
    CASE WHEN coalesce(is_c, false) THEN 'C' WHEN reasons <> '' THEN 'B' ELSE 'A' END AS mark,
    CASE WHEN reasons = '' THEN 'complete' ELSE reasons END AS reasons,
    expected,
    arrived,
    rows_read,
    rows_rejected,
    checks
FROM reasoned
WHERE expected IS NOT NULL OR reasons <> ''
ORDER BY indicator, org_id, period, breakdown
