-- Dossiers submitted online: one row per settling body that received a dossier in the period, and per body above.
-- Gives org_id, numerator, denominator. Needs $period_start, $period_end and $need_result.
SELECT
    above.above_id AS org_id,
    CAST(sum(CASE WHEN counted.channel = 2 AND ($need_result = 0 OR counted.has_result_link) THEN counted.dossiers ELSE 0 END) AS BIGINT) AS numerator,
    CAST(sum(counted.dossiers) AS BIGINT) AS denominator
FROM fact.dossier_count AS counted
JOIN ref.organisation_above AS above
    ON above.org_id = counted.org_id
    AND $period_end BETWEEN above.first_on AND above.last_on
WHERE counted.finish = 'processed'
  AND counted.received_from BETWEEN $period_start AND $period_end
GROUP BY above.above_id
ORDER BY above.above_id
