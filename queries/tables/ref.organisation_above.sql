-- kept: yes
-- Bodies and all that their counts are part of: one row per body and body above it, itself included, or group of the level of
-- one of these, over one span of days.
-- Before its first and after its last day a body counts under the body that was above it then: what it left open is still counted.
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
above AS (
    SELECT org_id, org_id AS above_id, DATE '0001-01-01' AS first_on, DATE '9999-12-31' AS last_on
    FROM ref.organisation
    UNION ALL
    SELECT above.org_id, step.parent_id, greatest(above.first_on, step.first_on), least(above.last_on, step.last_on)
    FROM above
    JOIN step ON step.org_id = above.above_id
    WHERE greatest(above.first_on, step.first_on) <= least(above.last_on, step.last_on)
)
SELECT org_id, above_id, first_on, last_on
FROM above
UNION ALL
SELECT above.org_id, grouped.org_id, above.first_on, above.last_on
FROM above
JOIN ref.organisation AS body ON body.org_id = above.above_id
JOIN ref.target_level AS grouped ON grouped.level = body.level
WHERE body.level <> 'country'
