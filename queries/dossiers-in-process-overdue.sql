-- Dossiers overdue among those in process at the end of the period: one row per settling body that had one, and per body above.
-- Gives org_id, numerator, denominator. Needs $period_end, $finish and $waiting_in_time.
SELECT
    above.above_id AS org_id,
    CAST(sum(CASE WHEN counted.overdue_from <= $period_end AND NOT ($waiting_in_time = 1 AND counted.is_waiting) THEN counted.dossiers ELSE 0 END) AS BIGINT) AS numerator,
    CAST(sum(counted.dossiers) AS BIGINT) AS denominator
FROM fact.dossier_count AS counted
JOIN ref.organisation_above AS above
    ON above.org_id = counted.org_id
    AND $period_end BETWEEN above.first_on AND above.last_on
WHERE counted.finish = $finish
  AND counted.received_from <= $period_end
  AND counted.ended_from > $period_end
GROUP BY above.above_id
ORDER BY above.above_id
