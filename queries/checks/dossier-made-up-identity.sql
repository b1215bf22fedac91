-- title: An applicant is a person, not a number that fills the field
-- title_vi: Số định danh của chủ hồ sơ không phải là số điền cho đủ
-- severity: warning
-- threshold: 0.005
-- affects: none
-- table: fact.dossier
-- An identity on more than 50 dossiers in all: one row per sender. Law offices and the like are few, so the threshold is a share.
WITH repeated AS (
    SELECT applicant_hash
    FROM fact.dossier
    WHERE applicant_hash IS NOT NULL
    GROUP BY applicant_hash
    HAVING count(*) > 50
)
SELECT
    d.receiving_org_id AS org_id,
    count(r.applicant_hash) AS broken,
    count(*) AS base
FROM fact.dossier AS d
LEFT JOIN repeated AS r ON r.applicant_hash = d.applicant_hash
GROUP BY d.receiving_org_id
