-- kept: yes
-- Form II.06 as the dossiers give it: one row per settling body, administrative quarter, level and field.
-- Days are compared, as the form says: early before the due day, on time on it, late after it; in process in time where the due
-- day is not before the last day of the quarter. More than one request for papers is late; a clock that stands is not overdue.
-- What has no due day is neither early, on time nor late: `resolved_unknown` and `in_process_unknown` say how many, and
-- the identities of the form do not hold by as many. What ended on a day that nobody knows is received and nothing more; what
-- ended before it was received ended on that day.
WITH counted AS (
    SELECT *
    FROM fact.report_form_part
),
-- The last quarter that anything happened in.
last AS (
    SELECT max(greatest(received_in, coalesce(ended_in, received_in))) AS number
    FROM counted
),
lasting AS (
    SELECT
        counted.* EXCLUDE (is_open),
        unnest(range(
            received_in,
            1 + CASE WHEN ended_in IS NOT NULL THEN ended_in WHEN is_open THEN last.number ELSE received_in END
        )) AS number,
        is_open OR ended_in IS NOT NULL AS is_followed
    FROM counted
    CROSS JOIN last
)
SELECT
    lasting.org_id,
    quarter.period,
    CASE organisation.level WHEN 'province-unit' THEN 'province' ELSE organisation.level END AS level,
    lasting.field_code,
    min(lasting.field_name) AS field_name,
    CAST(sum(dossiers) AS BIGINT) AS received,
    CAST(coalesce(sum(dossiers) FILTER (WHERE lasting.number = received_in AND is_online), 0) AS BIGINT) AS received_online,
    CAST(coalesce(sum(dossiers) FILTER (WHERE lasting.number = received_in AND NOT is_online), 0) AS BIGINT) AS received_in_person,
    CAST(coalesce(sum(dossiers) FILTER (WHERE lasting.number > received_in), 0) AS BIGINT) AS carried_over,
    CAST(coalesce(sum(dossiers) FILTER (WHERE lasting.number = ended_in), 0) AS BIGINT) AS resolved,
    CAST(coalesce(sum(dossiers) FILTER (WHERE lasting.number = ended_in AND outcome = 'early'), 0) AS BIGINT) AS resolved_early,
    CAST(coalesce(sum(dossiers) FILTER (WHERE lasting.number = ended_in AND outcome = 'on time'), 0) AS BIGINT) AS resolved_on_time,
    CAST(coalesce(sum(dossiers) FILTER (WHERE lasting.number = ended_in AND outcome = 'late'), 0) AS BIGINT) AS resolved_late,
    CAST(coalesce(sum(dossiers) FILTER (WHERE lasting.number = ended_in AND outcome = 'unknown'), 0) AS BIGINT) AS resolved_unknown,
    CAST(coalesce(sum(dossiers) FILTER (WHERE is_followed AND lasting.number IS DISTINCT FROM ended_in), 0) AS BIGINT) AS in_process,
    CAST(coalesce(sum(dossiers) FILTER (WHERE is_followed AND lasting.number IS DISTINCT FROM ended_in AND lasting.number < overdue_in), 0) AS BIGINT) AS in_process_in_time,
    CAST(coalesce(sum(dossiers) FILTER (WHERE is_followed AND lasting.number IS DISTINCT FROM ended_in AND lasting.number >= overdue_in), 0) AS BIGINT) AS in_process_overdue,
    CAST(coalesce(sum(dossiers) FILTER (WHERE is_followed AND lasting.number IS DISTINCT FROM ended_in AND overdue_in IS NULL), 0) AS BIGINT) AS in_process_unknown
FROM lasting
JOIN ref.report_quarter AS quarter ON quarter.calendar = 'administrative' AND quarter.number = lasting.number
LEFT JOIN ref.organisation AS organisation ON organisation.org_id = lasting.org_id
GROUP BY lasting.org_id, quarter.period, organisation.level, lasting.field_code
