-- The form II.06 of an agency beside its dossiers: one row per agency, period and column of the form, with both numbers.
-- The dossiers of an agency are those of all bodies below it. A period without any dossier of the agency is not compared.
WITH form AS (
    SELECT
        org_id,
        period,
        sum(received) AS c3,
        sum(received_online) AS c4,
        sum(received_in_person) AS c5,
        sum(carried_over) AS c6,
        sum(resolved) AS c7,
        sum(resolved_early) AS c8,
        sum(resolved_on_time) AS c9,
        sum(resolved_late) AS c10,
        sum(in_process) AS c11,
        sum(in_process_in_time) AS c12,
        sum(in_process_overdue) AS c13
    FROM fact.report_form
    WHERE org_id IS NOT NULL
    GROUP BY org_id, period
),
dossiers AS (
    SELECT
        form.org_id,
        form.period,
        sum(computed.received) AS c3,
        sum(computed.received_online) AS c4,
        sum(computed.received_in_person) AS c5,
        sum(computed.carried_over) AS c6,
        sum(computed.resolved) AS c7,
        sum(computed.resolved_early) AS c8,
        sum(computed.resolved_on_time) AS c9,
        sum(computed.resolved_late) AS c10,
        sum(computed.in_process) AS c11,
        sum(computed.in_process_in_time) AS c12,
        sum(computed.in_process_overdue) AS c13
    FROM form
    JOIN ref.report_quarter AS quarter ON quarter.period = form.period
    JOIN ref.organisation_above AS above
        ON above.above_id = form.org_id
        AND quarter.last_on BETWEEN above.first_on AND above.last_on
        AND quarter.first_on BETWEEN above.held_from AND above.held_to
    JOIN fact.report_form_computed AS computed
        ON computed.org_id = above.org_id
        AND computed.period = form.period
    GROUP BY form.org_id, form.period
)
SELECT
    form.org_id,
    form.period,
    CAST(substr(form.cell, 2) AS INTEGER) AS column_number,
    CAST(form.number AS BIGINT) AS form,
    CAST(dossiers.number AS BIGINT) AS dossiers,
    CAST(form.number - dossiers.number AS BIGINT) AS difference
FROM (UNPIVOT form ON COLUMNS(* EXCLUDE (org_id, period)) INTO NAME cell VALUE number) AS form
JOIN (UNPIVOT dossiers ON COLUMNS(* EXCLUDE (org_id, period)) INTO NAME cell VALUE number) AS dossiers
    ON dossiers.org_id = form.org_id
    AND dossiers.period = form.period
    AND dossiers.cell = form.cell
