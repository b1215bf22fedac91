-- kept: by org_id of fact.dossier_case
-- Dossiers counted for form II.06: one row per settling body, field, way of submission, outcome, and the administrative quarters
-- in which they were received and ended, and from which they are overdue. Quarters are numbered as in ref.report_quarter.
-- Days are compared, as the form says: early before the due day, on time on it, late after it. More than one request for papers
-- is late, from the second on; a clock that stands is not overdue. What ended before it was received ended on that day.
WITH dossier AS (
    SELECT
        org_id,
        field_code,
        field_name,
        channel = 2 AS is_online,
        status,
        received_on,
        CASE WHEN processed_at IS NOT NULL THEN greatest(CAST(processed_at AS DATE), received_on) END AS ended_on,
        is_open,
        requests > 1 AS is_late,
        CAST(due_at AS DATE) AS due_on,
        CAST(stopped_at AS DATE) AS stopped_on,
        CASE WHEN requests > 1 THEN coalesce(CAST(late_at AS DATE), DATE '0001-01-01') END AS late_on
    FROM fact.dossier_case
    WHERE org_id IS NOT NULL
),
judged AS (
    SELECT
        *,
        coalesce(stopped_on, ended_on) AS judged_on,
        -- The first quarter at whose end it is overdue.
        least(late_on, CASE WHEN due_on >= stopped_on THEN DATE '9999-11-01' ELSE due_on + 1 END) AS overdue_on
    FROM dossier
)
SELECT
    org_id,
    field_code,
    min(field_name) AS field_name,
    is_online,
    (12 * year(received_on) + month(received_on) - 1 + CAST(day(received_on) >= 15 AS INTEGER)) // 3 AS received_in,
    (12 * year(ended_on) + month(ended_on) - 1 + CAST(day(ended_on) >= 15 AS INTEGER)) // 3 AS ended_in,
    (12 * year(overdue_on) + month(overdue_on) - 1 + CAST(day(overdue_on) >= 15 AS INTEGER)) // 3 AS overdue_in,
    is_open,
    CASE
        WHEN is_late THEN 'late'
        WHEN due_on IS NULL THEN 'unknown'
        WHEN judged_on < due_on THEN 'early'
        WHEN judged_on = due_on THEN 'on time'
        ELSE 'late'
    END AS outcome,
    count(*) AS dossiers
FROM judged
GROUP BY ALL
