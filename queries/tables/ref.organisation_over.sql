-- kept: yes
-- Bodies whose counts a body's counts are part of: one row per body and such a body, itself among them.
-- These are the bodies above it, as they last stood, and the groups of the levels of all of these.
WITH RECURSIVE body AS MATERIALIZED (
    SELECT org_id, level, parent_id
    FROM ref.organisation
),
above AS (
    SELECT org_id, org_id AS over_id, parent_id
    FROM body
    UNION ALL
    SELECT above.org_id, body.org_id, body.parent_id
    FROM above
    JOIN body ON body.org_id = above.parent_id
)
SELECT org_id, over_id
FROM above
UNION
SELECT above.org_id, grouped.org_id
FROM above
JOIN body ON body.org_id = above.over_id
JOIN ref.target_level AS grouped ON grouped.level = body.level
