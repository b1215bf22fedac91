-- title: Every dossier that is over ended on a known day
-- title_vi: Mọi hồ sơ đã kết thúc đều có ngày kết thúc
-- severity: warning
-- table: fact.dossier
SELECT
    org_id,
    status,
    count(*) AS dossiers,
    'over, but on no known day: ' || CAST(count(*) AS VARCHAR) AS detail_en,
    'đã kết thúc nhưng không rõ ngày: ' || CAST(count(*) AS VARCHAR) AS detail_vi
FROM fact.dossier_case
WHERE processed_at IS NULL
  AND NOT is_open
GROUP BY org_id, status
ORDER BY org_id, status
