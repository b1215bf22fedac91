-- kept: yes
-- Bodies above organisations: one row per body and the body above it over one span of validity; the two roots have none.
SELECT
    org_id,
    parent_id,
    CASE WHEN count(valid_from) = count(*) THEN min(valid_from) END AS valid_from,
    CASE WHEN count(valid_to) = count(*) THEN max(valid_to) END AS valid_to
FROM ref.organisation_line
WHERE parent_id IS NOT NULL
GROUP BY org_id, parent_id
