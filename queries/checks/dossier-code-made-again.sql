-- title: A dossier is sent under one code
-- title_vi: Mỗi hồ sơ chỉ gửi dưới một mã
-- severity: error
-- threshold: 0.001
-- table: fact.dossier
-- The same procedure, applicant and moment of reception under a second code: one row per sender.
WITH numbered AS (
    SELECT
        receiving_org_id AS org_id,
        applicant_hash IS NOT NULL
            AND row_number() OVER (
                PARTITION BY procedure_code, applicant_hash, coalesce(received_at, submitted_at), receiving_code
                ORDER BY dossier_code
            ) > 1 AS is_again
    FROM fact.dossier
)
SELECT org_id, count(*) FILTER (WHERE is_again) AS broken, count(*) AS base
FROM numbered
GROUP BY org_id
