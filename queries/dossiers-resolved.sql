-- Dossiers resolved, by outcome: one row per settling body that resolved a dossier in the period, and per body above, with
-- the total and early, on-time, late, unknown (no due day). Gives org_id, breakdown, count.
-- Needs $period_start, $period_end, $finish and $closed_on_time. Days are compared.
WITH counted AS (
    SELECT
        org_id,
        CASE WHEN $closed_on_time = 1 AND is_closed THEN 'on-time' ELSE outcome END AS breakdown,
        sum(dossiers) AS dossiers
    FROM fact.dossier_count
    WHERE finish = $finish
      AND ended_from BETWEEN $period_start AND $period_end
    GROUP BY 1, 2
),
summed AS (
    SELECT above.above_id AS org_id, counted.breakdown, sum(counted.dossiers) AS dossiers
    FROM counted
    JOIN ref.organisation_above AS above
        ON above.org_id = counted.org_id
        AND $period_end BETWEEN above.first_on AND above.last_on
        AND $period_start BETWEEN above.held_from AND above.held_to
    GROUP BY above.above_id, counted.breakdown
)
SELECT org_id, '' AS breakdown, CAST(sum(dossiers) AS BIGINT) AS count FROM summed GROUP BY org_id
UNION ALL
SELECT org_id, breakdown, CAST(dossiers AS BIGINT) FROM summed
ORDER BY org_id, breakdown
