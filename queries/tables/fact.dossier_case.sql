-- kept: by dossier_code of fact.dossier, fact.dossier_step
-- Dossiers as they are judged: one row per dossier, with what the rules on time and channel need, and nothing else. What was
-- only registered (status 1), or has no moment of receipt, was not received and is no case.
--
-- org_id        the settling body; where its code is nobody's, the ministry or province that the code is of (`H44` of
--               `H44.250`, of `000.00.12.H44`); without a settling code the receiving body, then the code in the dossier's own
-- processed_at  end by the rule of the 766 index: processed, else returned, else refused, withdrawn or stopped
-- handed_at     end by the rule of other systems: returned, else as above
-- is_open       it has no end, and its status is none of an end
-- is_open_again  it is open, and a state of it that was delivered before has an end
-- due_at        when it is late: the due day, to its last second where it has no hour; without one, the longest legal time of
--               the procedure (of two that overlap, the one that begins later); null where neither is known
--               one request for papers that was answered: the due moment before the request, and the time of waiting more;
--               a request that came after it moves nothing, and neither does one whose new due moment is the one that is given
-- stopped_at    the clock stands since then: one request for papers that was not answered. What waits by its status alone is
--               judged by its due day, unless the indicator is asked for the other reading (`waiting_in_time`)
-- requests      requests for papers; more than one is late
-- late_at       when the second of them was made, so that it is not late at the end of periods before; null where that is not known
-- has_unread_request  a moment of a request for papers is in no form that is known
-- uses_database  it was settled with data of a national database
-- unknown_code  where org_id is null, the code that is nobody's
WITH closing AS (
    SELECT dossier_code, status, max(handled_at) AS closed_at
    FROM fact.dossier_step
    WHERE status IN (3, 7, 8)
    GROUP BY dossier_code, status
),
-- The longest legal times, each up to the next.
law AS (
    SELECT
        procedure_code,
        days,
        day_kind,
        coalesce(valid_from, DATE '0001-01-01') AS first_on,
        least(
            coalesce(valid_to, DATE '9999-12-31'),
            lead(valid_from - 1) OVER (PARTITION BY procedure_code ORDER BY coalesce(valid_from, DATE '0001-01-01'))
        ) AS last_on
    FROM ref.procedure_time
),
dossier AS (
    SELECT
        now.*,
        CAST(now.received_at AS DATE) AS received_on,
        -- One request may come without the list around it.
        CASE WHEN supplements <> '[]' THEN
            CASE json_type(supplements) WHEN 'OBJECT' THEN concat('[', supplements, ']') ELSE supplements END
        END AS asked,
        CASE
            WHEN settling_org_id IS NOT NULL OR (settling_code IS NULL AND receiving_org_id IS NOT NULL) THEN NULL
            ELSE coalesce(settling_code, receiving_code, regexp_extract(now.dossier_code, '^(.*)-[0-9]+-[0-9]+$', 1))
        END AS loose_code
    FROM fact.dossier_now AS now
    WHERE status <> 1
      AND received_at IS NOT NULL
),
requested AS (
    SELECT
        *,
        -- The oldest form begins with digits and ends with the ministry or province.
        CASE WHEN loose_code < 'A' THEN split_part(loose_code, '.', -1) ELSE split_part(loose_code, '.', 1) END AS head_code,
        coalesce(json_array_length(asked), 0) AS requests,
        -- Of one request all that is said of it, of several when they were made.
        CASE coalesce(json_array_length(asked), 0)
            WHEN 0 THEN NULL
            WHEN 1 THEN json_extract_string(asked, [
                '$[0].NgayBoSung', '$[0].NgayTiepNhanBoSung', '$[0].NgayHenTraTruoc', '$[0].NgayHenTraMoi'
            ])
            ELSE json_extract_string(asked, '$[*].NgayBoSung')
        END AS said
    FROM dossier
),
read AS (
    SELECT
        *,
        list_transform(said, lambda moment: try_strptime(moment, [
            '%Y%m%d%H%M%S', '%Y-%m-%d %H:%M:%S', '%Y-%m-%d %H:%M:%S.%f', '%Y-%m-%dT%H:%M:%S', '%Y-%m-%d', '%Y%m%d'
        ])) AS moments
    FROM requested
),
waited AS (
    SELECT
        * EXCLUDE (asked, said, moments),
        CASE WHEN requests = 1 THEN moments[1] END AS requested_at,
        CASE WHEN requests = 1 THEN moments[2] END AS answered_at,
        CASE WHEN requests = 1 THEN moments[3] END AS due_before,
        CASE WHEN requests = 1 THEN moments[4] END AS due_after,
        CASE WHEN requests > 1 THEN list_sort(moments, 'ASC', 'NULLS LAST')[2] END AS late_at,
        coalesce(len(list_filter(said, lambda moment: moment <> '')) > list_count(moments), false) AS has_unread_request
    FROM read
),
legal AS (
    SELECT
        waited.*,
        CASE law.day_kind
            WHEN 'calendar' THEN CAST(waited.received_on + CAST(law.days AS INTEGER) AS TIMESTAMP)
            WHEN 'working' THEN CAST(last.day AS TIMESTAMP)
        END AS legal_due_at
    FROM waited
    LEFT JOIN law
        ON law.procedure_code = CASE WHEN waited.due_at IS NULL THEN waited.procedure_code END
        AND waited.received_on BETWEEN law.first_on AND law.last_on
    LEFT JOIN ref.working_day AS first ON first.day = CASE WHEN law.day_kind = 'working' THEN waited.received_on END
    -- A day off has the number of the working day before it: what is due at once is due on the next one.
    LEFT JOIN ref.working_day AS last
        ON last.is_working
        AND last.ordinal = first.ordinal + CASE WHEN first.is_working THEN law.days ELSE greatest(law.days, 1) END
),
named AS (
    SELECT
        *,
        coalesce(due_before, due_at, legal_due_at) AS first_named,
        coalesce(due_after, due_at, legal_due_at) AS last_named,
        due_before IS NULL AND due_after = due_at AS is_moved
    FROM legal
),
-- A day without an hour is meant to its last second, before anything is added to it.
bounded AS (
    SELECT
        *,
        CASE WHEN first_named = date_trunc('day', first_named) THEN first_named + INTERVAL 86399 SECOND ELSE first_named END AS due_first,
        CASE WHEN last_named = date_trunc('day', last_named) THEN last_named + INTERVAL 86399 SECOND ELSE last_named END AS due_last
    FROM named
),
due AS (
    SELECT
        *,
        CASE
            WHEN requested_at > due_first THEN due_first
            WHEN answered_at >= requested_at AND NOT coalesce(is_moved, false) THEN due_first + (answered_at - requested_at)
            WHEN requested_at IS NULL OR answered_at IS NOT NULL THEN due_last
            ELSE due_first
        END AS due_moment
    FROM bounded
)
SELECT
    due.dossier_code,
    coalesce(due.settling_org_id, CASE WHEN due.settling_code IS NULL THEN due.receiving_org_id END, head.org_id) AS org_id,
    due.procedure_code,
    due.field_code,
    due.field_name,
    CAST(coalesce(due.channel, 1) AS UTINYINT) AS channel,
    CAST(due.status AS UTINYINT) AS status,
    due.received_on,
    due.received_at,
    coalesce(due.finished_at, due.returned_at, due.refused_at, closing.closed_at) AS processed_at,
    coalesce(due.returned_at, due.finished_at, due.refused_at, closing.closed_at) AS handed_at,
    coalesce(due.finished_at, due.returned_at, due.refused_at, closing.closed_at) IS NULL
        AND due.status NOT IN (3, 7, 8, 9, 10) AS is_open,
    is_open AND due.has_ended AS is_open_again,
    due.due_moment AS due_at,
    CASE WHEN due.answered_at IS NULL THEN due.requested_at END AS stopped_at,
    CAST(due.requests AS USMALLINT) AS requests,
    due.late_at,
    due.has_unread_request,
    due.results IS NOT NULL AND due.results <> '[]'
        AND regexp_matches(due.results, '"DuongDanTepTinKetQua"\s*:\s*"[^"]') AS has_result_link,
    due.databases IS NOT NULL AND due.databases <> '[]' AS uses_database,
    CASE
        WHEN due.settling_org_id IS NULL AND head.org_id IS NULL
            AND (due.settling_code IS NOT NULL OR due.receiving_org_id IS NULL)
            THEN coalesce(nullif(due.loose_code, ''), '(none)')
    END AS unknown_code
FROM due
LEFT JOIN closing
    ON closing.dossier_code = CASE WHEN due.status IN (3, 7, 8) THEN due.dossier_code END
    AND closing.status = due.status
LEFT JOIN ref.organisation_code AS head
    ON head.code_system = 'agency'
    AND head.code = due.head_code
    AND due.received_on BETWEEN coalesce(head.valid_from, DATE '0001-01-01') AND coalesce(head.valid_to, DATE '9999-12-31')
