-- kept: by dossier_code of fact.dossier, fact.dossier_step
-- Dossiers as they are judged: one row per dossier, with what the rules on time and channel need, and nothing else.
--
-- org_id        the settling body; where its code is nobody's, the ministry or province that the code is of (`H44` of
--               `H44.250`, of `000.00.12.H44`); without a settling code the receiving body, then the code in the dossier's own
-- processed_at  end by the rule of the 766 index: processed, else returned, else refused, withdrawn or stopped
-- handed_at     end by the rule of other systems: returned, else as above
-- is_open       it has no end, and its status is none of an end
-- due_at        when it is late: the due day, to its last second where it has no hour; without one, the longest legal time of
--               the procedure; null where neither is known
--               one request for papers that was answered: the due moment before the request, and the time of waiting more;
--               a request that came after it moves nothing
-- stopped_at    the clock stands since then: one request for papers that was not answered
-- requests      requests for papers; more than one is late
-- late_at       when the second of them was made, so that it is not late at the end of periods before; null where that is not known
-- uses_database  it was settled with data of a national database
-- unknown_code  where org_id is null, the code that is nobody's
WITH closing AS (
    SELECT dossier_code, status, max(handled_at) AS closed_at
    FROM fact.dossier_step
    WHERE status IN (3, 7, 8)
    GROUP BY dossier_code, status
),
dossier AS (
    SELECT
        now.*,
        CAST(now.received_at AS DATE) AS received_on,
        CASE
            WHEN supplements IS NULL OR supplements = '[]' THEN 0
            ELSE coalesce(json_array_length(supplements), 0)
        END AS requests,
        CASE
            WHEN settling_org_id IS NOT NULL OR (settling_code IS NULL AND receiving_org_id IS NOT NULL) THEN NULL
            ELSE coalesce(settling_code, receiving_code, regexp_extract(now.dossier_code, '^(.*)-[0-9]+-[0-9]+$', 1))
        END AS loose_code
    FROM fact.dossier_now AS now
),
requested AS (
    SELECT
        *,
        -- The oldest form begins with digits and ends with the ministry or province.
        CASE WHEN loose_code < 'A' THEN split_part(loose_code, '.', -1) ELSE split_part(loose_code, '.', 1) END AS head_code,
        CASE WHEN requests = 1 THEN supplements END AS request,
        CASE WHEN requests > 1 THEN
            list_sort(list_transform(
                json_extract_string(supplements, '$[*].NgayBoSung'),
                lambda moment: try_strptime(moment, ['%Y%m%d%H%M%S', '%Y-%m-%d %H:%M:%S'])
            ), 'ASC', 'NULLS LAST')[2]
        END AS late_at
    FROM dossier
),
waited AS (
    SELECT
        *,
        CASE WHEN request IS NOT NULL THEN
            try_strptime(json_extract_string(request, '$[0].NgayBoSung'), ['%Y%m%d%H%M%S', '%Y-%m-%d %H:%M:%S'])
        END AS requested_at,
        CASE WHEN request IS NOT NULL THEN
            try_strptime(json_extract_string(request, '$[0].NgayTiepNhanBoSung'), ['%Y%m%d%H%M%S', '%Y-%m-%d %H:%M:%S'])
        END AS answered_at,
        CASE WHEN request IS NOT NULL THEN
            try_strptime(json_extract_string(request, '$[0].NgayHenTraTruoc'), ['%Y%m%d%H%M%S', '%Y-%m-%d %H:%M:%S'])
        END AS due_before,
        CASE WHEN request IS NOT NULL THEN
            try_strptime(json_extract_string(request, '$[0].NgayHenTraMoi'), ['%Y%m%d%H%M%S', '%Y-%m-%d %H:%M:%S'])
        END AS due_after
    FROM requested
),
legal AS (
    SELECT
        waited.*,
        CASE law.day_kind
            WHEN 'calendar' THEN CAST(waited.received_on + CAST(law.days AS INTEGER) AS TIMESTAMP)
            WHEN 'working' THEN CAST(last.day AS TIMESTAMP)
        END AS legal_due_at
    FROM waited
    LEFT JOIN ref.procedure_time AS law
        ON law.procedure_code = CASE WHEN waited.due_at IS NULL THEN waited.procedure_code END
        AND waited.received_on BETWEEN coalesce(law.valid_from, DATE '0001-01-01') AND coalesce(law.valid_to, DATE '9999-12-31')
    LEFT JOIN ref.working_day AS first ON first.day = CASE WHEN law.day_kind = 'working' THEN waited.received_on END
    LEFT JOIN ref.working_day AS last ON last.is_working AND last.ordinal = first.ordinal + law.days
),
asked AS (
    SELECT
        *,
        coalesce(due_before, due_at, legal_due_at) AS due_first
    FROM legal
),
due AS (
    SELECT
        *,
        CASE
            WHEN requested_at > due_first + CASE WHEN due_first = date_trunc('day', due_first) THEN INTERVAL 1 DAY ELSE INTERVAL 0 DAY END
                THEN due_first
            WHEN answered_at >= requested_at
                THEN due_first + (answered_at - requested_at)
            WHEN requested_at IS NULL OR answered_at IS NOT NULL
                THEN coalesce(due_after, due_at, legal_due_at)
            ELSE due_first
        END AS due_moment
    FROM asked
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
    CASE WHEN due.due_moment = date_trunc('day', due.due_moment)
        THEN due.due_moment + INTERVAL 1 DAY - INTERVAL 1 SECOND
        ELSE due.due_moment
    END AS due_at,
    CASE WHEN due.answered_at IS NULL THEN due.requested_at END AS stopped_at,
    CAST(due.requests AS USMALLINT) AS requests,
    due.late_at,
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
    AND coalesce(due.received_on, CAST(due.submitted_at AS DATE), CAST(due.refused_at AS DATE))
        BETWEEN coalesce(head.valid_from, DATE '0001-01-01') AND coalesce(head.valid_to, DATE '9999-12-31')
