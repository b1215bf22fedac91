-- Dossiers resolved, by outcome: one row per settling body that resolved a dossier in the period, and per body above, with
-- the total and early, on-time, late, unknown (no due day). Gives org_id, breakdown, count.
-- Needs $period_start, $period_end, $finish and $closed_on_time. Days are compared.
WITH ended AS (
    SELECT
        org_id,
        status,
        requests,
        CAST(due_at AS DATE) AS due_on,
        CAST(stopped_at AS DATE) AS stopped_on,
        CAST(CASE $finish WHEN 'returned' THEN handed_at ELSE processed_at END AS DATE) AS ended_on
    FROM fact.dossier_case
),
resolved AS (
    SELECT
        org_id,
        CASE
            WHEN $closed_on_time = 1 AND status IN (3, 7, 8) THEN 'on-time'
            WHEN requests > 1 THEN 'late'
            WHEN due_on IS NULL THEN 'unknown'
            WHEN coalesce(stopped_on, ended_on) < due_on THEN 'early'
            WHEN coalesce(stopped_on, ended_on) = due_on THEN 'on-time'
            ELSE 'late'
        END AS breakdown,
        count(*) AS dossiers
    FROM ended
    WHERE ended_on BETWEEN $period_start AND $period_end
    GROUP BY 1, 2
),
summed AS (
    SELECT above.above_id AS org_id, resolved.breakdown, sum(resolved.dossiers) AS dossiers
    FROM resolved
    JOIN ref.organisation_above AS above
        ON above.org_id = resolved.org_id
        AND $period_end BETWEEN above.first_on AND above.last_on
    GROUP BY above.above_id, resolved.breakdown
)
SELECT org_id, '' AS breakdown, CAST(sum(dossiers) AS BIGINT) AS count FROM summed GROUP BY org_id
UNION ALL
SELECT org_id, breakdown, CAST(dossiers AS BIGINT) FROM summed
ORDER BY org_id, breakdown
