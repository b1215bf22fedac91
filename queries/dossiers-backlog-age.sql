-- Mean age of dossiers in process at the end of the period: one row per settling body that had one, and per body above.
-- Gives org_id, numerator (days since receipt of all of them), denominator (dossiers). Needs $period_end and $finish.
WITH counted AS (
    SELECT
        org_id,
        sum(dossiers * date_diff('day', DATE '1970-01-01', CAST($period_end AS DATE)) - received_days) AS days,
        sum(dossiers) AS dossiers
    FROM fact.dossier_count
    WHERE finish = $finish
      AND received_from <= $period_end
      AND ended_from > $period_end
    GROUP BY org_id
)
SELECT
    above.above_id AS org_id,
    CAST(sum(counted.days) AS BIGINT) AS numerator,
    CAST(sum(counted.dossiers) AS BIGINT) AS denominator
FROM counted
JOIN ref.organisation_above AS above
    ON above.org_id = counted.org_id
    AND $period_end BETWEEN above.first_on AND above.last_on
    AND $period_end BETWEEN above.held_from AND above.held_to
GROUP BY above.above_id
ORDER BY above.above_id
