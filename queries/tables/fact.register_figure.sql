-- Parts and wholes that agencies sent in forms: one row per indicator, body, period and level (null where the form has none).
-- A part without its whole, and a whole without its part, is not known; nor is a whole below zero, whose parts do not fit.
SELECT
    indicator,
    org_id,
    period,
    level,
    CASE WHEN whole >= 0 THEN part END AS part,
    CASE WHEN whole >= 0 AND part IS NOT NULL THEN whole END AS whole
FROM (
    SELECT 'work-files-online' AS indicator, org_id, period, level, processed_online AS part, opened - secret AS whole
    FROM fact.work_file
    UNION ALL
    SELECT 'results-digitised', org_id, period, level, digitised, in_force
    FROM fact.result_stock
    UNION ALL
    SELECT 'results-with-personal-id', org_id, period, NULL, with_personal_id, personal
    FROM fact.result_stock
    UNION ALL
    SELECT 'inspections-remote', org_id, period, NULL, remote, inspections
    FROM fact.inspection
    UNION ALL
    SELECT 'procedures-cut', org_id, period, NULL, cut, at_start
    FROM fact.procedure_cut
    UNION ALL
    SELECT 'dossiers-and-results-digitised', org_id, period, NULL, dossiers_digitised + results_digitised, dossiers + results
    FROM fact.digitisation
    UNION ALL
    SELECT 'digitised-data-reused', org_id, period, NULL, data_reused, data_digitised
    FROM fact.digitisation
)
