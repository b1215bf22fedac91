-- Dossiers in process at the end of the period: one row per settling body that had one, and per body above, with the total and
-- in-time, overdue, unknown (no due day). Gives org_id, breakdown, count. Needs $period_end, $finish and $waiting_in_time.
-- Overdue: the due day is before the last day of the period. A clock that stands since before its due day is not overdue.
WITH counted AS (
    SELECT
        org_id,
        CASE
            WHEN $waiting_in_time = 1 AND is_waiting THEN 'in-time'
            WHEN overdue_from IS NULL THEN 'unknown'
            WHEN overdue_from <= $period_end THEN 'overdue'
            ELSE 'in-time'
        END AS breakdown,
        sum(dossiers) AS dossiers
    FROM fact.dossier_count
    WHERE finish = $finish
      AND received_from <= $period_end
      AND ended_from > $period_end
    GROUP BY 1, 2
),
summed AS (
    SELECT above.above_id AS org_id, counted.breakdown, sum(counted.dossiers) AS dossiers
    FROM counted
    JOIN ref.organisation_above AS above
        ON above.org_id = counted.org_id
        AND $period_end BETWEEN above.first_on AND above.last_on
        AND $period_end BETWEEN above.held_from AND above.held_to
    GROUP BY above.above_id, counted.breakdown
)
SELECT org_id, '' AS breakdown, CAST(sum(dossiers) AS BIGINT) AS count FROM summed GROUP BY org_id
UNION ALL
SELECT org_id, breakdown, CAST(dossiers AS BIGINT) FROM summed
ORDER BY org_id, breakdown
