-- Dossiers carried over: received before the period and not ended before it; one row per settling body that had dossiers to settle
-- in the period, carried over or not, and per body above.
-- Gives org_id, count. Needs $period_start, $period_end and $finish.
WITH counted AS (
    SELECT
        org_id,
        sum(CASE WHEN received_from < $period_start THEN dossiers ELSE 0 END) AS dossiers
    FROM fact.dossier_count
    WHERE finish = $finish
      AND (
          received_from BETWEEN $period_start AND $period_end
          OR (received_from < $period_start AND ended_from >= $period_start)
      )
    GROUP BY org_id
)
SELECT
    above.above_id AS org_id,
    CAST(sum(counted.dossiers) AS BIGINT) AS count
FROM counted
JOIN ref.organisation_above AS above
    ON above.org_id = counted.org_id
    AND $period_end BETWEEN above.first_on AND above.last_on
    AND $period_start BETWEEN above.held_from AND above.held_to
GROUP BY above.above_id
ORDER BY above.above_id
