-- kept: yes
-- Names of organisations: one row per body and name over one span of validity, with the type that the name speaks of.
SELECT
    org_id,
    name_vi,
    name_en,
    type,
    CASE WHEN count(valid_from) = count(*) THEN min(valid_from) END AS valid_from,
    CASE WHEN count(valid_to) = count(*) THEN max(valid_to) END AS valid_to
FROM ref.organisation_line
GROUP BY org_id, name_vi, name_en, type
