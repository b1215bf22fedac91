-- title: An applicant is a person, not a number that fills the field
-- title_vi: Số định danh của chủ hồ sơ không phải là số điền cho đủ
-- severity: warning
-- threshold: 0.005
-- affects: none
-- table: fact.dossier
-- An identity on more than 50 dossiers in all: one row per sender. Law offices and the like are few, so the threshold is a share.
WITH dossier AS (
    SELECT receiving_org_id AS org_id, applicant_hash, dossier_code
    FROM fact.dossier
    WHERE applicant_hash IS NOT NULL
),
-- Few are on so many: only those whose sums are, are counted by what they say.
frequent AS (
    SELECT hash(applicant_hash) AS sum
    FROM dossier
    GROUP BY 1
    HAVING count(*) > 50
),
counted AS (
    SELECT org_id, applicant_hash, dossier_code
    FROM dossier
    SEMI JOIN frequent ON frequent.sum = hash(dossier.applicant_hash)
),
made_up AS (
    SELECT org_id, count(*) AS broken
    FROM counted
    WHERE applicant_hash IN (SELECT applicant_hash FROM counted GROUP BY applicant_hash HAVING count(DISTINCT dossier_code) > 50)
    GROUP BY org_id
),
sent AS (
    SELECT org_id, sum(applicants) AS base
    FROM fact.dossier_defect
    GROUP BY org_id
)
SELECT sent.org_id, coalesce(made_up.broken, 0) AS broken, sent.base
FROM sent
LEFT JOIN made_up ON made_up.org_id IS NOT DISTINCT FROM sent.org_id
