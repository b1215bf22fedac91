-- Mean age of dossiers in process at the end of the period: one row per settling body that had one, and per body above.
-- Gives org_id, numerator (days since receipt of all of them), denominator (dossiers). Needs $period_end and $finish.
SELECT
    above.above_id AS org_id,
    CAST(sum(counted.dossiers * date_diff('day', DATE '1970-01-01', CAST($period_end AS DATE)) - counted.received_days) AS BIGINT) AS numerator,
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
