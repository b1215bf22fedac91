-- Dossiers carried over: received before the period and not ended before it; one row per settling body that had one, and per body above.
-- Gives org_id, count. Needs $period_start, $period_end and $finish.
SELECT above.above_id AS org_id, CAST(sum(counted.dossiers) AS BIGINT) AS count
FROM fact.dossier_count AS counted
JOIN ref.organisation_above AS above
    ON above.org_id = counted.org_id
    AND $period_end BETWEEN above.first_on AND above.last_on
WHERE counted.finish = $finish
  AND counted.received_from < $period_start
  AND counted.ended_from >= $period_start
GROUP BY above.above_id
ORDER BY above.above_id
