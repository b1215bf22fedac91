-- title: The settling agency of every dossier is known
-- title_vi: Mọi hồ sơ đều xác định được cơ quan giải quyết
-- severity: warning
-- table: fact.dossier
SELECT
    coalesce(settling_code, receiving_code, '(none)') AS code,
    count(*) AS dossiers,
    'dossiers that count for no agency and in no sum: ' || CAST(count(*) AS VARCHAR) AS detail
FROM fact.dossier_now
WHERE dossier_code IN (SELECT dossier_code FROM fact.dossier_case WHERE org_id IS NULL)
GROUP BY coalesce(settling_code, receiving_code, '(none)')
ORDER BY dossiers DESC, code
