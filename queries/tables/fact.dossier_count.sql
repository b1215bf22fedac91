-- kept: yes
-- Dossiers counted for the indicators, which read these sums instead of every dossier: one row per settling body, rule of
-- the end, and half months of receipt and end, with what the rules say of the dossiers that it counts.
--
-- A half month is named by its first day, the 1st or the 15th, so that it lies in a period of either calendar wholly or not
-- at all: `received_from BETWEEN $period_start AND $period_end`. Periods that begin on other days cannot be read from here.
--
-- finish          whose end counts: `processed` (rule of the 766 index) or `returned` (other systems); all are there twice
-- ended_from      year 9999 while it is open; null where it ended on a day that nobody knows
-- outcome         by days: early, on-time, late, or unknown where there is no due day
-- on_time_before  by moments, as the 766 index judges: on time at the end of periods before this day
-- overdue_from    overdue, while it is open, at the end of periods from this half month on; null where there is no due day
-- is_closed       refused, withdrawn or stopped: it ended without a result
-- is_waiting      it waits for papers or for a payment
-- service_level   of its procedure in the catalogue on the day of receipt; null where the catalogue does not know
-- received_days   sum of the days of receipt, counted from 1970: the ages on a day are dossiers * day - received_days
-- timed, seconds  dossiers that did not end before they were received, and the sum of their time up to the end
WITH dossier AS (
    SELECT
        rule.finish,
        judged.*,
        CASE rule.finish WHEN 'returned' THEN judged.handed_at ELSE judged.processed_at END AS ended_at,
        CAST(judged.due_at AS DATE) AS due_on,
        judged.due_at + INTERVAL 1 SECOND AS past_due_at,
        offered.level AS service_level
    FROM fact.dossier_case AS judged
    LEFT JOIN fact.service_level AS offered
        ON offered.org_id = judged.org_id
        AND offered.dossier_procedure_code = judged.procedure_code
        AND judged.received_on BETWEEN offered.first_on AND offered.last_on
    CROSS JOIN (VALUES ('processed'), ('returned')) AS rule(finish)
),
placed AS (
    SELECT
        *,
        CAST(date_trunc('month', received_on) AS DATE) + CASE WHEN day(received_on) >= 15 THEN 14 ELSE 0 END AS received_from,
        CASE
            WHEN is_open THEN DATE '9999-12-31'
            ELSE CAST(date_trunc('month', ended_at) AS DATE) + CASE WHEN day(ended_at) >= 15 THEN 14 ELSE 0 END
        END AS ended_from,
        -- The half months in which the due moment, and the due day, are first over.
        CAST(date_trunc('month', past_due_at) AS DATE) + CASE WHEN day(past_due_at) >= 15 THEN 14 ELSE 0 END AS past_moment_from,
        CAST(date_trunc('month', due_on + 1) AS DATE) + CASE WHEN day(due_on + 1) >= 15 THEN 14 ELSE 0 END AS past_day_from,
        coalesce(CAST(stopped_at AS DATE), CAST(ended_at AS DATE)) AS judged_on
    FROM dossier
)
SELECT
    finish,
    org_id,
    received_from,
    ended_from,
    channel,
    has_result_link,
    uses_database,
    service_level,
    status IN (3, 7, 8) AS is_closed,
    status IN (5, 6) AS is_waiting,
    CASE
        WHEN requests > 1 THEN 'late'
        WHEN due_on IS NULL THEN 'unknown'
        WHEN judged_on < due_on THEN 'early'
        WHEN judged_on = due_on THEN 'on-time'
        ELSE 'late'
    END AS outcome,
    CASE
        -- More than one request for papers is late.
        WHEN requests > 1 THEN DATE '0001-01-01'
        -- The clock stopped, or the dossier ended, at or before the due moment.
        WHEN stopped_at <= due_at OR ended_at <= due_at THEN DATE '9999-12-31'
        WHEN past_moment_from IS NULL OR ended_from IS NULL THEN DATE '0001-01-01'
        -- While it has not ended it is on time until its due moment has passed.
        WHEN past_moment_from < ended_from THEN past_moment_from
        ELSE ended_from
    END AS on_time_before,
    CASE
        WHEN requests > 1 THEN DATE '0001-01-01'
        -- The clock stood before it was overdue, or it ended before.
        WHEN stopped_at <= due_at OR past_day_from >= ended_from THEN DATE '9999-12-31'
        ELSE past_day_from
    END AS overdue_from,
    count(*) AS dossiers,
    max(received_on) AS last_received_on,
    CAST(sum(date_diff('day', DATE '1970-01-01', received_on)) AS BIGINT) AS received_days,
    count(*) FILTER (WHERE ended_at >= received_at) AS timed,
    CAST(coalesce(sum(date_diff('second', received_at, ended_at)) FILTER (WHERE ended_at >= received_at), 0) AS BIGINT) AS seconds
FROM placed
GROUP BY ALL
