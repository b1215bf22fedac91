-- Dossiers in process at the end of the period: one row per settling body that had one, and per body above, with the total and
-- in-time, overdue, unknown (no due day). Gives org_id, breakdown, count. Needs $period_end, $finish and $waiting_in_time.
-- Overdue: the due day is before the last day of the period. A clock that stands since before its due day is not overdue.
WITH summed AS (
    SELECT
        above.above_id AS org_id,
        CASE
            WHEN $waiting_in_time = 1 AND counted.is_waiting THEN 'in-time'
            WHEN counted.overdue_from IS NULL THEN 'unknown'
            WHEN counted.overdue_from <= $period_end THEN 'overdue'
            ELSE 'in-time'
        END AS breakdown,
        sum(counted.dossiers) AS dossiers
    FROM fact.dossier_count AS counted
    JOIN ref.organisation_above AS above
        ON above.org_id = counted.org_id
        AND $period_end BETWEEN above.first_on AND above.last_on
    WHERE counted.finish = $finish
      AND counted.received_from <= $period_end
      AND counted.ended_from > $period_end
    GROUP BY 1, 2
)
SELECT org_id, '' AS breakdown, CAST(sum(dossiers) AS BIGINT) AS count FROM summed GROUP BY org_id
UNION ALL
SELECT org_id, breakdown, CAST(dossiers AS BIGINT) FROM summed
ORDER BY org_id, breakdown
