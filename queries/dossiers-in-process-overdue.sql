-- Dossiers overdue among those in process at the end of the period: one row per settling body that had one, and per body above.
-- Gives org_id, numerator, denominator. Needs $period_end, $finish and $waiting_in_time.
WITH counted AS (
    SELECT
        org_id,
        sum(CASE WHEN overdue_from <= $period_end AND NOT ($waiting_in_time = 1 AND is_waiting) THEN dossiers ELSE 0 END) AS overdue,
        sum(dossiers) AS dossiers
    FROM fact.dossier_count
    WHERE finish = $finish
      AND received_from <= $period_end
      AND ended_from > $period_end
    GROUP BY org_id
)
SELECT
    above.above_id AS org_id,
    CAST(sum(counted.overdue) AS BIGINT) AS numerator,
    CAST(sum(counted.dossiers) AS BIGINT) AS denominator
FROM counted
JOIN ref.organisation_above AS above
    ON above.org_id = counted.org_id
    AND $period_end BETWEEN above.first_on AND above.last_on
    AND $period_end BETWEEN above.held_from AND above.held_to
GROUP BY above.above_id
ORDER BY above.above_id
