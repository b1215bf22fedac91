-- kept: yes
-- Up to which day agencies have sent data: one row per feed, body and half month (of dossiers) or period (of forms).
-- `heard_from` and `heard_on` are the first and the last of these days; of dossiers the last on which one was received.
SELECT 'dossiers' AS feed, org_id, received_from AS heard_from, max(last_received_on) AS heard_on
FROM fact.dossier_count
WHERE finish = 'processed'
GROUP BY ALL
UNION ALL
SELECT DISTINCT sent.feed, sent.org_id, period.last_on, period.last_on
FROM (
    SELECT 'report-forms' AS feed, org_id, period FROM fact.report_form
    UNION ALL
    SELECT 'work-files', org_id, period FROM fact.work_file
    UNION ALL
    SELECT 'inspections', org_id, period FROM fact.inspection
    UNION ALL
    SELECT 'results-in-force', org_id, period FROM fact.result_stock
    UNION ALL
    SELECT 'digitisation', org_id, period FROM fact.digitisation
    UNION ALL
    SELECT 'satisfaction', org_id, period FROM fact.satisfaction_answer
) AS sent
JOIN meta.period AS period ON period.period = sent.period
