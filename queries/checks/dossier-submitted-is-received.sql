-- title: The moment of submission is not a copy of the moment of reception
-- title_vi: Thời điểm nộp không phải là bản sao của thời điểm tiếp nhận
-- severity: warning
-- threshold: 0.95
-- affects: none
-- table: fact.dossier
-- Nearly all dossiers of a sender submitted in the second in which they were received: one row per sender.
SELECT
    receiving_org_id AS org_id,
    count(*) FILTER (WHERE submitted_at = received_at) AS broken,
    count(*) FILTER (WHERE submitted_at IS NOT NULL AND received_at IS NOT NULL) AS base
FROM fact.dossier
GROUP BY receiving_org_id
