-- Links between organisations that cannot be used: one row per link and reason. No rows: all of them can.
WITH RECURSIVE body AS (
    SELECT
        CAST(org_id AS VARCHAR) AS org_id,
        coalesce(CAST(valid_to AS DATE), DATE '9999-12-31') AS last_day
    FROM ref.organisation
),
link AS (
    SELECT
        CAST(old_org_id AS VARCHAR) AS old_org_id,
        CAST(new_org_id AS VARCHAR) AS new_org_id,
        CAST(effective_on AS DATE) AS effective_on,
        CAST(kind AS VARCHAR) AS kind,
        CAST(share AS DOUBLE) AS share,
        kind IN ('split', 'part') AS is_piece,
        kind IN ('unchanged', 'renamed', 'absorbed', 'merged') AS is_whole
    FROM ref.organisation_link
),
-- A body that did not change under an id that did not change either needs no link, but may have one.
moving AS (
    SELECT *
    FROM link
    WHERE NOT (kind = 'unchanged' AND old_org_id = new_org_id)
),
-- Links after which nothing of the old body is left: it went over whole, or had ended.
final AS (
    SELECT m.old_org_id, m.new_org_id
    FROM moving AS m
    JOIN body AS b ON b.org_id = m.old_org_id
    WHERE m.is_whole OR b.last_day < m.effective_on
),
reached AS (
    SELECT old_org_id AS start, new_org_id AS org_id
    FROM final
    UNION
    SELECT r.start, f.new_org_id
    FROM reached AS r
    JOIN final AS f ON f.old_org_id = r.org_id
),
circular AS (
    SELECT start AS org_id
    FROM reached
    WHERE start = org_id
),
-- Pieces of one body on one day; of one that ended there is nothing beside them.
divided AS (
    SELECT
        m.old_org_id,
        m.effective_on,
        sum(m.share ORDER BY m.new_org_id) AS shares,
        count(m.share) = count(*) AS are_known,
        any_value(b.last_day) < m.effective_on AS has_ended
    FROM moving AS m
    JOIN body AS b ON b.org_id = m.old_org_id
    WHERE m.is_piece AND m.old_org_id NOT IN (SELECT old_org_id FROM moving WHERE is_whole AND old_org_id IS NOT NULL)
    GROUP BY m.old_org_id, m.effective_on
),
problem AS (
    SELECT old_org_id, new_org_id, effective_on, 1 AS place,
        'it needs `old_org_id`, `new_org_id`, `kind` and `effective_on`' AS reason
    FROM link
    WHERE old_org_id IS NULL OR new_org_id IS NULL OR kind IS NULL OR effective_on IS NULL
    UNION ALL
    SELECT old_org_id, new_org_id, effective_on, 2,
        'unknown kind `' || kind || '`: `unchanged`, `renamed`, `absorbed`, `merged`, `split` or `part`'
    FROM link
    WHERE kind NOT IN ('unchanged', 'renamed', 'absorbed', 'merged', 'split', 'part')
    UNION ALL
    SELECT old_org_id, new_org_id, effective_on, 3, 'the share ' || share || ' is not between 0 and 1'
    FROM link
    WHERE NOT share BETWEEN 0 AND 1
    UNION ALL
    SELECT old_org_id, new_org_id, effective_on, 4, 'a body that is `' || kind || '` goes over whole: its share is 1, not ' || share
    FROM link
    WHERE is_whole AND share >= 0 AND share < 1
    UNION ALL
    SELECT l.old_org_id, l.new_org_id, l.effective_on, 5, '`' || side.org_id || '` is not in `ref.organisation`'
    FROM link AS l, LATERAL (SELECT l.old_org_id AS org_id UNION SELECT l.new_org_id) AS side
    WHERE side.org_id NOT IN (SELECT org_id FROM body)
    UNION ALL
    SELECT old_org_id, new_org_id, effective_on, 6, 'it is there ' || count(*) || ' times'
    FROM link
    GROUP BY old_org_id, new_org_id, effective_on
    HAVING count(*) > 1
    UNION ALL
    SELECT DISTINCT w.old_org_id, w.new_org_id, w.effective_on, 7,
        'it goes over whole, yet `' || m.new_org_id || '` takes over from it as well: call both `part` or `split`'
    FROM moving AS w
    JOIN moving AS m ON m.old_org_id = w.old_org_id AND m.new_org_id <> w.new_org_id AND m.effective_on >= w.effective_on
    WHERE w.is_whole
    UNION ALL
    SELECT old_org_id, NULL, effective_on, 8, 'its shares add up to ' || round(shares, 6) || ', not to 1'
    FROM divided
    WHERE shares > 1.001 OR (are_known AND has_ended AND shares < 0.999)
    UNION ALL
    SELECT m.old_org_id, m.new_org_id, m.effective_on, 9, 'it leads back to `' || m.old_org_id || '` in a circle'
    FROM moving AS m
    WHERE m.old_org_id IN (SELECT org_id FROM circular)
)
SELECT old_org_id, new_org_id, effective_on, reason
FROM problem
ORDER BY place, old_org_id, new_org_id, effective_on, reason
