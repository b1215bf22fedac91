-- Which bodies stood in the place of each body of the map: one row per body, period with a number, and part.
-- Only where restating changes something: another body stood there, or the body itself has since given a piece away.
-- Needs $map_on, and $stocks: the indicators that count what there is on the last day, with commas between.
WITH RECURSIVE body AS (
    SELECT
        CAST(org_id AS VARCHAR) AS org_id,
        coalesce(CAST(valid_from AS DATE), DATE '0001-01-01') AS first_day,
        coalesce(CAST(valid_to AS DATE), DATE '9999-12-31') AS last_day
    FROM ref.organisation
),
link AS (
    SELECT
        CAST(old_org_id AS VARCHAR) AS old_org_id,
        CAST(new_org_id AS VARCHAR) AS new_org_id,
        CAST(effective_on AS DATE) AS effective_on,
        kind IN ('split', 'part') AS is_piece,
        CASE WHEN kind IN ('split', 'part') THEN CAST(share AS DOUBLE) ELSE 1 END AS share
    FROM ref.organisation_link
    WHERE CAST(effective_on AS DATE) <= CAST($map_on AS DATE) AND old_org_id <> new_org_id
),
-- A body that gave pieces away and went on kept the rest of its past.
kept AS (
    SELECT
        l.old_org_id,
        l.old_org_id AS new_org_id,
        l.effective_on,
        CASE WHEN count(l.share) = count(*) THEN 1 - sum(l.share ORDER BY l.new_org_id) END AS share
    FROM link AS l
    JOIN body AS b ON b.org_id = l.old_org_id AND b.last_day >= l.effective_on
    GROUP BY l.old_org_id, l.effective_on
    HAVING bool_and(l.is_piece)
),
move AS (
    SELECT old_org_id, new_org_id, effective_on, share
    FROM link
    UNION ALL
    SELECT old_org_id, new_org_id, effective_on, share
    FROM kept
),
-- The days on which something happened to a body, each with the one before.
event AS (
    SELECT
        org_id,
        effective_on,
        lag(effective_on) OVER (PARTITION BY org_id ORDER BY effective_on) AS previous_on,
        max(effective_on) OVER (PARTITION BY org_id) AS last_on
    FROM (SELECT DISTINCT old_org_id AS org_id, effective_on FROM move)
),
-- Where the days of a body went: from move to move, in time, each share a fraction of what came before.
-- What arrives at a body on a day is not touched by what that body gives away on the same day, unless it had ended by then.
walk AS (
    SELECT
        m.old_org_id AS part,
        greatest(b.first_day, coalesce(e.previous_on, b.first_day)) AS first_day,
        least(b.last_day, m.effective_on - 1) AS last_day,
        m.new_org_id AS org_id,
        m.effective_on AS arrived_on,
        m.share
    FROM move AS m
    JOIN body AS b ON b.org_id = m.old_org_id
    JOIN event AS e ON e.org_id = m.old_org_id AND e.effective_on = m.effective_on
    UNION ALL
    SELECT w.part, w.first_day, w.last_day, m.new_org_id, m.effective_on, w.share * m.share
    FROM walk AS w
    JOIN body AS b ON b.org_id = w.org_id
    JOIN event AS e
        ON e.org_id = w.org_id
        AND (e.effective_on > w.arrived_on OR (e.effective_on = w.arrived_on AND b.last_day < w.arrived_on))
        AND (
            e.previous_on IS NULL
            OR e.previous_on < w.arrived_on
            OR (e.previous_on = w.arrived_on AND b.last_day >= w.arrived_on)
        )
    JOIN move AS m ON m.old_org_id = e.org_id AND m.effective_on = e.effective_on
),
-- Where they are on the day of the map; days after the last move of a body are its own.
ending AS (
    SELECT w.part, w.first_day, w.last_day, w.org_id, w.share
    FROM walk AS w
    JOIN body AS b ON b.org_id = w.org_id
    LEFT JOIN (SELECT DISTINCT org_id, last_on FROM event) AS e ON e.org_id = w.org_id
    WHERE e.last_on IS NULL
        OR e.last_on < w.arrived_on
        OR (e.last_on = w.arrived_on AND b.last_day >= w.arrived_on)
    UNION ALL
    SELECT b.org_id, greatest(b.first_day, coalesce(e.last_on, b.first_day)), b.last_day, b.org_id, 1
    FROM body AS b
    LEFT JOIN (SELECT DISTINCT org_id, last_on FROM event) AS e ON e.org_id = b.org_id
),
-- Days of a body over which its counts go the same way.
stretch AS (
    SELECT DISTINCT part, first_day, last_day
    FROM ending
    WHERE first_day <= last_day
),
standing AS (
    SELECT
        e.org_id,
        e.part,
        e.first_day,
        e.last_day,
        CASE
            WHEN count(e.share) < count(*) THEN NULL
            -- Shares such as three thirds are the whole.
            WHEN abs(sum(e.share) - 1) < 1e-9 THEN 1
            ELSE sum(e.share ORDER BY e.share)
        END AS share
    FROM ending AS e
    JOIN body AS b ON b.org_id = e.org_id AND CAST($map_on AS DATE) BETWEEN b.first_day AND b.last_day
    WHERE e.first_day <= e.last_day
    GROUP BY e.org_id, e.part, e.first_day, e.last_day
),
changed AS (
    SELECT DISTINCT org_id
    FROM standing
    WHERE part <> org_id OR share IS DISTINCT FROM 1
),
reported AS (
    SELECT DISTINCT
        o.org_id AS part,
        o.period,
        list_contains(string_split($stocks, ','), o.indicator) AS at_end,
        CASE WHEN list_contains(string_split($stocks, ','), o.indicator) THEN p.last_on ELSE p.first_on END AS first_day,
        p.last_on AS last_day
    FROM out.observation AS o
    JOIN meta.period AS p ON p.period = o.period
),
wanted AS (
    SELECT DISTINCT s.org_id, r.period, r.at_end, r.first_day, r.last_day
    FROM standing AS s
    JOIN changed AS c ON c.org_id = s.org_id
    JOIN reported AS r ON r.part = s.part AND r.first_day <= s.last_day AND r.last_day >= s.first_day
),
part AS (
    SELECT w.org_id, w.period, w.at_end, w.first_day, w.last_day, s.part, count(*) AS stretches,
        -- Where a period holds days that go this way and days that go another, the two cannot be told apart.
        CASE WHEN count(s.share) = count(*) AND min(s.share) = max(s.share) THEN min(s.share) END AS share
    FROM wanted AS w
    JOIN standing AS s ON s.org_id = w.org_id AND w.first_day <= s.last_day AND w.last_day >= s.first_day
    GROUP BY w.org_id, w.period, w.at_end, w.first_day, w.last_day, s.part
),
counted AS (
    SELECT p.org_id, p.period, p.at_end, p.part,
        CASE WHEN count(*) = any_value(p.stretches) THEN any_value(p.share) END AS share
    FROM part AS p
    JOIN stretch AS s ON s.part = p.part AND p.first_day <= s.last_day AND p.last_day >= s.first_day
    GROUP BY p.org_id, p.period, p.at_end, p.part
)
SELECT org_id, period, at_end, part, share
FROM counted
QUALIFY bool_or(part <> org_id OR share IS DISTINCT FROM 1) OVER (PARTITION BY org_id, period, at_end)
ORDER BY org_id, period, at_end, part
