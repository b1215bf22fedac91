-- Dossiers on time by the rule of the 766 index: one row per settling body that received a dossier in the period, and per body above.
-- Gives org_id, numerator, denominator. Needs $period_start, $period_end and $finish. What had not ended by the last day
-- of the period is judged at its end. A moment is compared with a moment.
WITH counted AS (
    SELECT
        org_id,
        sum(CASE WHEN on_time_before > $period_end THEN dossiers ELSE 0 END) AS on_time,
        sum(dossiers) AS dossiers
    FROM fact.dossier_count
    WHERE finish = $finish
      AND received_from BETWEEN $period_start AND $period_end
    GROUP BY org_id
)
SELECT
    above.above_id AS org_id,
    CAST(sum(counted.on_time) AS BIGINT) AS numerator,
    CAST(sum(counted.dossiers) AS BIGINT) AS denominator
FROM counted
JOIN ref.organisation_above AS above
    ON above.org_id = counted.org_id
    AND $period_end BETWEEN above.first_on AND above.last_on
    AND $period_start BETWEEN above.held_from AND above.held_to
GROUP BY above.above_id
ORDER BY above.above_id
