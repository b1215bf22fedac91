-- title: A dossier is sent under one code
-- title_vi: Mỗi hồ sơ chỉ gửi dưới một mã
-- severity: error
-- threshold: 0.001
-- table: fact.dossier
-- The same procedure, applicant and moment of reception under a second code: one row per sender. The same code in another
-- file is the dossier seen again.
WITH dossier AS (
    SELECT
        receiving_org_id AS org_id,
        dossier_code,
        procedure_code,
        applicant_hash,
        coalesce(received_at, submitted_at) AS moment,
        receiving_code
    FROM fact.dossier
    WHERE applicant_hash IS NOT NULL
),
-- Few are alike: only those whose sums are, are put in order.
alike AS (
    SELECT hash(procedure_code, applicant_hash, moment, receiving_code) AS sum
    FROM dossier
    GROUP BY 1
    HAVING min(hash(dossier_code)) <> max(hash(dossier_code))
),
numbered AS (
    SELECT
        org_id,
        dense_rank() OVER (
            PARTITION BY procedure_code, applicant_hash, moment, receiving_code
            ORDER BY dossier_code
        ) > 1 AS is_again
    FROM dossier
    SEMI JOIN alike ON alike.sum = hash(dossier.procedure_code, dossier.applicant_hash, dossier.moment, dossier.receiving_code)
),
again AS (
    SELECT org_id, count(*) AS broken
    FROM numbered
    WHERE is_again
    GROUP BY org_id
),
sent AS (
    SELECT org_id, sum(applicants) AS base
    FROM fact.dossier_defect
    GROUP BY org_id
)
SELECT sent.org_id, coalesce(again.broken, 0) AS broken, sent.base
FROM sent
LEFT JOIN again ON again.org_id IS NOT DISTINCT FROM sent.org_id
