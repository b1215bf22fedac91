-- title: A fee paid in person is not sent as paid online
-- title_vi: Phí nộp trực tiếp không gửi là thanh toán trực tuyến
-- severity: error
-- threshold: 0.01
-- affects: dossiers-paid-online
-- table: fact.dossier
-- Dossiers received in person with a fee, the flag of online payment set: one row per sender.
SELECT
    receiving_org_id AS org_id,
    count(*) FILTER (WHERE paid_online > 0) AS broken,
    count(*) AS base
FROM fact.dossier
WHERE channel = 1
  AND fees IS NOT NULL
GROUP BY receiving_org_id
