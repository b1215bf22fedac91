-- kept: by org_id of fact.dossier_case
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
        judged.* EXCLUDE (status),
        status IN (3, 7, 8) AS is_closed,
        status IN (5, 6) AS is_waiting,
        offered.level AS service_level,
        -- What ended before it was received ended on that day, as form II.06 has it too.
        CASE WHEN processed_at IS NOT NULL THEN greatest(CAST(processed_at AS DATE), received_on) END AS processed_on,
        CASE WHEN handed_at IS NOT NULL THEN greatest(CAST(handed_at AS DATE), received_on) END AS handed_on,
        CAST(due_at AS DATE) AS due_on,
        CAST(due_at AS DATE) + 1 AS past_day,
        due_at + INTERVAL 1 SECOND AS past_moment,
        requests > 1 AS is_late,
        coalesce(stopped_at <= due_at, false) AS is_stopped_in_time
    FROM fact.dossier_case AS judged
    LEFT JOIN fact.service_level AS offered
        ON offered.org_id = judged.org_id
        AND offered.dossier_procedure_code = judged.procedure_code
        AND judged.received_on BETWEEN offered.first_on AND offered.last_on
),
placed AS (
    SELECT
        *,
        CAST(date_trunc('month', received_on) AS DATE) + CASE WHEN day(received_on) >= 15 THEN 14 ELSE 0 END AS received_from,
        CASE
            WHEN is_open THEN DATE '9999-12-31'
            ELSE CAST(date_trunc('month', processed_on) AS DATE) + CASE WHEN day(processed_on) >= 15 THEN 14 ELSE 0 END
        END AS processed_from,
        CASE
            WHEN is_open THEN DATE '9999-12-31'
            ELSE CAST(date_trunc('month', handed_on) AS DATE) + CASE WHEN day(handed_on) >= 15 THEN 14 ELSE 0 END
        END AS handed_from,
        -- The half month of the second request for papers; all of time where that is not known.
        CASE WHEN is_late THEN
            coalesce(
                CAST(date_trunc('month', late_at) AS DATE) + CASE WHEN day(late_at) >= 15 THEN 14 ELSE 0 END,
                DATE '0001-01-01'
            )
        END AS late_from,
        -- The half months in which the due moment, and the due day, are first over.
        CAST(date_trunc('month', past_moment) AS DATE) + CASE WHEN day(past_moment) >= 15 THEN 14 ELSE 0 END AS past_moment_from,
        CAST(date_trunc('month', past_day) AS DATE) + CASE WHEN day(past_day) >= 15 THEN 14 ELSE 0 END AS past_day_from,
        is_stopped_in_time OR coalesce(processed_at <= due_at, false) AS is_processed_in_time,
        is_stopped_in_time OR coalesce(handed_at <= due_at, false) AS is_handed_in_time
    FROM dossier
),
-- Both rules of the end together, for they seldom differ; they are told apart when there are fewer rows.
counted AS (
    SELECT
        org_id,
        received_from,
        processed_from,
        handed_from,
        channel,
        has_result_link,
        uses_database,
        service_level,
        is_closed,
        is_waiting,
        is_late,
        late_from,
        is_stopped_in_time,
        is_processed_in_time,
        is_handed_in_time,
        sign(coalesce(CAST(stopped_at AS DATE), processed_on) - due_on) AS processed_side,
        sign(coalesce(CAST(stopped_at AS DATE), handed_on) - due_on) AS handed_side,
        -- Where they decide nothing they make no rows.
        CASE WHEN NOT (is_processed_in_time AND is_handed_in_time) THEN past_moment_from END AS past_moment_from,
        CASE WHEN past_day_from >= greatest(processed_from, handed_from) THEN DATE '9999-12-31' ELSE past_day_from END AS past_day_from,
        count(*) AS dossiers,
        max(received_on) AS last_received_on,
        sum(date_diff('day', DATE '1970-01-01', received_on)) AS received_days,
        count(*) FILTER (WHERE processed_at >= received_at) AS processed_timed,
        sum(date_diff('second', received_at, processed_at)) FILTER (WHERE processed_at >= received_at) AS processed_seconds,
        count(*) FILTER (WHERE handed_at >= received_at) AS handed_timed,
        sum(date_diff('second', received_at, handed_at)) FILTER (WHERE handed_at >= received_at) AS handed_seconds
    FROM placed
    GROUP BY ALL
),
by_rule AS (
    SELECT
        'processed' AS finish,
        processed_from AS ended_from,
        processed_side AS side,
        is_processed_in_time AS is_in_time,
        processed_timed AS timed,
        processed_seconds AS seconds,
        *
    FROM counted
    UNION ALL
    SELECT 'returned', handed_from, handed_side, is_handed_in_time, handed_timed, handed_seconds, *
    FROM counted
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
    is_closed,
    is_waiting,
    CASE
        -- More than one request for papers is late.
        WHEN is_late THEN 'late'
        WHEN side IS NULL THEN 'unknown'
        WHEN side < 0 THEN 'early'
        WHEN side = 0 THEN 'on-time'
        ELSE 'late'
    END AS outcome,
    -- At the end of periods before its second request for papers it is judged as any other.
    least(late_from, CASE
        -- The clock stopped, or the dossier ended, at or before the due moment.
        WHEN is_in_time THEN DATE '9999-12-31'
        WHEN past_moment_from IS NULL OR ended_from IS NULL THEN DATE '0001-01-01'
        -- While it has not ended it is on time until its due moment has passed.
        WHEN past_moment_from < ended_from THEN past_moment_from
        ELSE ended_from
    END) AS on_time_before,
    least(late_from, CASE
        -- The clock stood before it was overdue, or it ended before.
        WHEN is_stopped_in_time OR past_day_from >= ended_from THEN DATE '9999-12-31'
        ELSE past_day_from
    END) AS overdue_from,
    CAST(sum(dossiers) AS BIGINT) AS dossiers,
    max(last_received_on) AS last_received_on,
    CAST(sum(received_days) AS BIGINT) AS received_days,
    CAST(sum(timed) AS BIGINT) AS timed,
    CAST(coalesce(sum(seconds), 0) AS BIGINT) AS seconds
FROM by_rule
GROUP BY ALL
