-- title: The moment of submission is not a copy of the moment of reception
-- title_vi: Thời điểm nộp không phải là bản sao của thời điểm tiếp nhận
-- severity: warning
-- threshold: 0.95
-- affects: none
-- table: fact.dossier
-- Nearly all dossiers of a sender submitted in the second in which they were received: one row per sender.
SELECT
    org_id,
    sum(moments_equal) AS broken,
    sum(moments) AS base
FROM fact.dossier_defect
GROUP BY org_id
