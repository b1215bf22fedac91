-- The form II.06 of an agency beside its dossiers: one row per agency, period and column of the form, with both numbers.
-- The dossiers of an agency are those of all bodies below it. What a body left open when it ended is in process with whoever
-- holds it on the last day, as it is carried over there to the next period. A period without any dossier of the agency is not
-- compared, and neither is a column that the form leaves blank in some of its rows.
WITH form AS (
    SELECT
        org_id,
        period,
        CASE WHEN count(*) = count(received) THEN sum(received) END AS c3,
        CASE WHEN count(*) = count(received_online) THEN sum(received_online) END AS c4,
        CASE WHEN count(*) = count(received_in_person) THEN sum(received_in_person) END AS c5,
        CASE WHEN count(*) = count(carried_over) THEN sum(carried_over) END AS c6,
        CASE WHEN count(*) = count(resolved) THEN sum(resolved) END AS c7,
        CASE WHEN count(*) = count(resolved_early) THEN sum(resolved_early) END AS c8,
        CASE WHEN count(*) = count(resolved_on_time) THEN sum(resolved_on_time) END AS c9,
        CASE WHEN count(*) = count(resolved_late) THEN sum(resolved_late) END AS c10,
        CASE WHEN count(*) = count(in_process) THEN sum(in_process) END AS c11,
        CASE WHEN count(*) = count(in_process_in_time) THEN sum(in_process_in_time) END AS c12,
        CASE WHEN count(*) = count(in_process_overdue) THEN sum(in_process_overdue) END AS c13
    FROM fact.report_form
    WHERE org_id IS NOT NULL
    GROUP BY org_id, period
),
held AS (
    SELECT
        form.org_id,
        form.period,
        above.org_id AS body_id,
        bool_or(quarter.first_on BETWEEN above.held_from AND above.held_to) AS at_first,
        bool_or(quarter.last_on BETWEEN above.held_from AND above.held_to) AS at_last
    FROM form
    JOIN ref.report_quarter AS quarter ON quarter.period = form.period
    JOIN ref.organisation_above AS above
        ON above.above_id = form.org_id
        AND quarter.last_on BETWEEN above.first_on AND above.last_on
    GROUP BY ALL
),
dossiers AS (
    SELECT
        held.org_id,
        held.period,
        coalesce(sum(computed.received) FILTER (WHERE at_first), 0) AS c3,
        coalesce(sum(computed.received_online) FILTER (WHERE at_first), 0) AS c4,
        coalesce(sum(computed.received_in_person) FILTER (WHERE at_first), 0) AS c5,
        coalesce(sum(computed.carried_over) FILTER (WHERE at_first), 0) AS c6,
        coalesce(sum(computed.resolved) FILTER (WHERE at_first), 0) AS c7,
        coalesce(sum(computed.resolved_early) FILTER (WHERE at_first), 0) AS c8,
        coalesce(sum(computed.resolved_on_time) FILTER (WHERE at_first), 0) AS c9,
        coalesce(sum(computed.resolved_late) FILTER (WHERE at_first), 0) AS c10,
        coalesce(sum(computed.in_process) FILTER (WHERE at_last), 0) AS c11,
        coalesce(sum(computed.in_process_in_time) FILTER (WHERE at_last), 0) AS c12,
        coalesce(sum(computed.in_process_overdue) FILTER (WHERE at_last), 0) AS c13
    FROM held
    JOIN fact.report_form_computed AS computed
        ON computed.org_id = held.body_id
        AND computed.period = held.period
    WHERE held.at_first OR held.at_last
    GROUP BY held.org_id, held.period
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
