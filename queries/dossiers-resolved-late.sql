-- Dossiers resolved late: one row per settling body that resolved a dossier in the period, and per body above.
-- Gives org_id, numerator, denominator. Needs $period_start, $period_end, $finish and $closed_on_time. Days are compared.
SELECT
    above.above_id AS org_id,
    CAST(sum(CASE WHEN counted.outcome = 'late' AND NOT ($closed_on_time = 1 AND counted.is_closed) THEN counted.dossiers ELSE 0 END) AS BIGINT) AS numerator,
    CAST(sum(counted.dossiers) AS BIGINT) AS denominator
FROM fact.dossier_count AS counted
JOIN ref.organisation_above AS above
    ON above.org_id = counted.org_id
    AND $period_end BETWEEN above.first_on AND above.last_on
WHERE counted.finish = $finish
  AND counted.ended_from BETWEEN $period_start AND $period_end
GROUP BY above.above_id
ORDER BY above.above_id
