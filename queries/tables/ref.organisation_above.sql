-- kept: yes
-- Bodies and all that their counts are part of: one row per body and body above it, itself included, or group of the level of
-- one of these, over one span of days and one span of holders; `steps` says how far up it is.
-- Before its first and after its last day a body counts under the body that was above it then: what it left open is still counted.
--
-- held_from, held_to  the days on which it is this body that holds what is counted. What a body left open that went over whole to
--                     another (`ref.organisation_link`) is held by that one from then on; that of a body that ended otherwise
--                     stays its own. A query of what there is at the end of a period asks who holds it on the last day; one of
--                     what happened in a period, on the first, so that a body has its own numbers of the period in which it ended.
WITH RECURSIVE step AS (
    SELECT
        org_id,
        parent_id,
        CASE WHEN row_number() OVER early = 1 THEN DATE '0001-01-01' ELSE valid_from END AS first_on,
        CASE WHEN row_number() OVER late = 1 THEN DATE '9999-12-31' ELSE valid_to END AS last_on
    FROM ref.organisation_parent
    WINDOW
        early AS (PARTITION BY org_id ORDER BY coalesce(valid_from, DATE '0001-01-01'), parent_id),
        late AS (PARTITION BY org_id ORDER BY coalesce(valid_to, DATE '9999-12-31') DESC, parent_id DESC)
),
-- To whom a body that ended went over whole, and when.
heir AS (
    SELECT link.old_org_id AS org_id, any_value(link.new_org_id) AS heir_id, any_value(link.effective_on) AS gone_on
    FROM ref.organisation_link AS link
    JOIN ref.organisation AS old ON old.org_id = link.old_org_id
    WHERE link.share = 1
      AND old.valid_to < link.effective_on
    GROUP BY link.old_org_id
    HAVING count(*) = 1
),
-- Up from a body to the one above it, and on from a body that ended to its heir.
edge AS (
    SELECT
        step.org_id,
        step.parent_id AS above_id,
        step.first_on,
        step.last_on,
        DATE '0001-01-01' AS held_from,
        coalesce(heir.gone_on - 1, DATE '9999-12-31') AS held_to,
        1 AS steps
    FROM step
    LEFT JOIN heir ON heir.org_id = step.org_id
    UNION ALL
    SELECT org_id, heir_id, DATE '0001-01-01', DATE '9999-12-31', gone_on, DATE '9999-12-31', 0
    FROM heir
),
reached AS (
    SELECT
        org_id,
        org_id AS above_id,
        DATE '0001-01-01' AS first_on,
        DATE '9999-12-31' AS last_on,
        DATE '0001-01-01' AS held_from,
        DATE '9999-12-31' AS held_to,
        0 AS steps
    FROM ref.organisation
    UNION ALL
    SELECT
        reached.org_id,
        edge.above_id,
        greatest(reached.first_on, edge.first_on),
        least(reached.last_on, edge.last_on),
        greatest(reached.held_from, edge.held_from),
        least(reached.held_to, edge.held_to),
        reached.steps + edge.steps
    FROM reached
    JOIN edge ON edge.org_id = reached.above_id
    WHERE greatest(reached.first_on, edge.first_on) <= least(reached.last_on, edge.last_on)
      AND greatest(reached.held_from, edge.held_from) <= least(reached.held_to, edge.held_to)
      -- Heirs follow one another in time, so that none comes twice.
      AND (edge.held_from = DATE '0001-01-01' OR edge.held_from > reached.held_from)
),
above AS (
    SELECT
        reached.* EXCLUDE (held_to),
        least(reached.held_to, coalesce(heir.gone_on - 1, DATE '9999-12-31')) AS held_to
    FROM reached
    LEFT JOIN heir ON heir.org_id = reached.above_id
    WHERE reached.held_from < coalesce(heir.gone_on, DATE '9999-12-31')
)
SELECT org_id, above_id, first_on, last_on, held_from, held_to, steps
FROM above
UNION ALL
SELECT above.org_id, grouped.org_id, above.first_on, above.last_on, above.held_from, above.held_to, above.steps
FROM above
JOIN ref.organisation AS body ON body.org_id = above.above_id
JOIN ref.target_level AS grouped ON grouped.level = body.level
WHERE body.level <> 'country'
