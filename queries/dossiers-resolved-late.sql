-- Dossiers resolved late: one row per settling body that resolved a dossier in the period, and per body above.
-- Gives org_id, numerator, denominator. Needs $period_start, $period_end, $finish and $closed_on_time. Days are compared.
WITH counted AS (
    SELECT
        org_id,
        sum(CASE WHEN outcome = 'late' AND NOT ($closed_on_time = 1 AND is_closed) THEN dossiers ELSE 0 END) AS late,
        sum(dossiers) AS dossiers
    FROM fact.dossier_count
    WHERE finish = $finish
      AND ended_from BETWEEN $period_start AND $period_end
    GROUP BY org_id
)
SELECT
    above.above_id AS org_id,
    CAST(sum(counted.late) AS BIGINT) AS numerator,
    CAST(sum(counted.dossiers) AS BIGINT) AS denominator
FROM counted
JOIN ref.organisation_above AS above
    ON above.org_id = counted.org_id
    AND $period_end BETWEEN above.first_on AND above.last_on
    AND $period_start BETWEEN above.held_from AND above.held_to
GROUP BY above.above_id
ORDER BY above.above_id
