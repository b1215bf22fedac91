-- The dossiers of the deliveries from number `first` to `last`: one row per row of their files, and beside its columns what was done to it.
-- Every value is drawn from a hash of the seed, the delivery and the number in it, so that each row is the same whatever else is made.
WITH number AS (
    SELECT * EXCLUDE (n_rows, format, sender, month, is_classic, code_form, kind), kind = 'ministry' AS is_ministry, unnest(range(n_rows)) AS i
    FROM demo.delivery
    WHERE delivery BETWEEN getvariable('first') AND getvariable('last')
),
-- A copy is the dossier before it, all but its code.
copied AS (
    SELECT
        *,
        i > 0
            AND strikes(hash(getvariable('seed'), delivery, i), 40, code_made_again)
            AND NOT (i > 1 AND strikes(hash(getvariable('seed'), delivery, i - 1), 40, code_made_again)) AS is_copy
    FROM number
),
rooted AS (
    SELECT *, hash(getvariable('seed'), delivery, i - CAST(is_copy AS BIGINT)) AS a
    FROM copied
),
hashed AS (
    SELECT *, hash(a, 1) AS b, hash(a, 2) AS c, hash(a, 3) AS e
    FROM rooted
),
drawn AS (
    SELECT
        *,
        strikes(a, 0, commune_share) AS is_commune,
        -- Small numbers are drawn more often: some communes are far larger than others.
        CAST(((b >> 16) & 65535) * ((b >> 32) & 65535) >> 16 AS UBIGINT) AS unit_draw
    FROM hashed
),
keyed AS (
    SELECT
        * EXCLUDE (commune_share, first_commune, communes, first_department, departments, month_no),
        256 * month_no + CAST((a >> 16) & 255 AS INTEGER) AS day_slot,
        CAST(b & 65535 AS INTEGER) + CASE WHEN is_ministry THEN 131072 WHEN is_commune THEN 0 ELSE 65536 END AS service_slot,
        CASE
            WHEN is_commune THEN first_commune + draw(unit_draw, 0, communes)
            ELSE first_department + draw(unit_draw, 0, departments)
        END AS unit_no
    FROM drawn
),
placed AS (
    SELECT
        k.* EXCLUDE (service_slot, is_commune, unit_draw, is_ministry),
        t.service_no,
        s.fee > 0 AS has_fee,
        -- Moments are seconds.
        y.day_starts + 27000 + draw(c, 0, 34200) AS received,
        y.day_starts // 86400 + 1 + s.working_days * 7 // 5 AS day_due,
        CASE WHEN s.level = 'none' OR NOT strikes(c, 16, online) THEN CASE WHEN c % 16 = 0 THEN 3 ELSE 1 END ELSE 2 END AS channel,
        draw(e, 0, 1000) AS outcome
    FROM keyed AS k
    JOIN demo.service_slot AS t ON t.slot = k.service_slot
    JOIN demo.service AS s ON s.service_no = t.service_no
    JOIN demo.day_slot AS y ON y.slot = k.day_slot
),
due_by AS (
    SELECT *, (day_due + CASE (day_due + 3) % 7 WHEN 5 THEN 2 WHEN 6 THEN 1 ELSE 0 END) * 86400 + 61200 AS due
    FROM placed
),
worked AS (
    SELECT
        *,
        CASE
            WHEN strikes(c, 32, late) THEN due + 3600 + draw(c, 48, 1382400)
            WHEN happens(e, 16, 0.3) THEN due - 25200 + draw(c, 48, 25200)
            ELSE received + 1800 + draw(c, 48, greatest(due - received - 32400, 1))
        END AS worked_until
    FROM due_by
),
-- New, refused, withdrawn; 5 papers asked for, 6 a fee asked for, 8 stopped.
true_state AS (
    SELECT
        *,
        worked_until + draw(e, 32, 100000) AS given_out,
        CASE
            WHEN outcome < 5 AND received > getvariable('until_s') - 172800 THEN 1
            WHEN outcome < 13 THEN 3
            WHEN outcome < 19 THEN 7
            WHEN outcome < 37 THEN 5
            WHEN outcome < 49 THEN 6
            WHEN outcome < 59 THEN 8
            WHEN worked_until > getvariable('until_s') THEN CASE WHEN received > getvariable('until_s') - 86400 THEN 2 ELSE 4 END
            WHEN worked_until + draw(e, 32, 100000) > getvariable('until_s') THEN 9
            ELSE 10
        END AS true_status
    FROM worked
),
sent_state AS (
    SELECT *, true_status IN (5, 6, 8) AND strikes(e, 48, waiting_sent_as_finished) AS is_waiting_finished
    FROM true_state
),
state AS (
    SELECT *, CASE WHEN is_waiting_finished THEN 9 ELSE true_status END AS status
    FROM sent_state
),
result AS (
    SELECT *, status IN (9, 10) AS is_finished, status IN (9, 10) AND strikes(a, 24, electronic_result) AS has_result
    FROM state
),
handled AS (
    SELECT
        *,
        is_finished AND strikes(b, 48, finished_without_due_day) AS is_without_due,
        has_result AND strikes(a, 40, paper_sent_as_result) AS is_paper_result,
        strikes(hash(a, 4), 0, made_up_identity) AS is_made_up,
        has_fee AND channel = 2 AND strikes(a, 8, paid_online) AS is_paid_online,
        has_fee AND channel = 1 AND is_cash_online AS is_cash_sent_online,
        is_all_digitised OR strikes(b, 40, digitised) AS is_digitised,
        channel = 2 AND NOT is_account_fixed AND strikes(c, 40, verified) AS is_verified
    FROM result
)
SELECT
    delivery,
    i,
    a,
    unit_no,
    service_no,
    day_slot,
    channel,
    CASE WHEN draw(e, 8, 10) < 8 THEN 1 ELSE 2 END AS applicant_kind,
    CASE WHEN is_submitted_received THEN received ELSE received - 60 - CASE channel WHEN 2 THEN draw(b, 8, 57600) ELSE draw(b, 8, 1800) END END AS submitted,
    CASE WHEN status <> 1 THEN received END AS received,
    CASE WHEN status NOT IN (1, 3) AND NOT is_without_due THEN due END AS due,
    CASE WHEN is_finished THEN least(worked_until, getvariable('until_s')) END AS finished,
    CASE WHEN status = 10 THEN given_out END AS returned,
    CASE WHEN status = 3 THEN received END AS refused,
    due AS due_before,
    status,
    true_status,
    strikes(e, 24, old_code_form) AS is_old_form,
    CASE WHEN channel <> 2 THEN 2 ELSE 1 + draw(a, 44, 2) END AS submitted_through,
    is_digitised,
    strikes(c, 8, reused) AS is_reused,
    is_paid_online,
    is_cash_sent_online,
    happens(b, 24, 0.06) AS has_supplement,
    happens(b, 24, 0.01) AS has_two_supplements,
    has_result,
    is_paper_result,
    is_verified,
    strikes(c, 24, population_data) AS uses_population_data,
    is_waiting_finished,
    is_copy,
    is_made_up,
    is_without_due,
    is_submitted_received AND status <> 1 AS is_submitted_received,
    is_account_fixed,
    is_all_digitised
FROM handled
