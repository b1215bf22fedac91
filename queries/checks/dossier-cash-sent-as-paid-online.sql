-- title: A fee paid in person is not sent as paid online
-- title_vi: Phí nộp trực tiếp không gửi là thanh toán trực tuyến
-- severity: error
-- threshold: 0.01
-- affects: dossiers-paid-online
-- table: fact.dossier
-- Dossiers received in person with a fee, the flag of online payment set: one row per sender.
SELECT
    org_id,
    sum(cash_fees_online) AS broken,
    sum(cash_fees) AS base
FROM fact.dossier_defect
GROUP BY org_id
