-- Dossiers settled with data of a national database: one row per settling body that received a dossier in the period, and per
-- body above. Gives org_id, numerator, denominator. Needs $period_start and $period_end.
SELECT
    above.above_id AS org_id,
    CAST(sum(CASE WHEN counted.uses_database THEN counted.dossiers ELSE 0 END) AS BIGINT) AS numerator,
    CAST(sum(counted.dossiers) AS BIGINT) AS denominator
FROM fact.dossier_count AS counted
JOIN ref.organisation_above AS above
    ON above.org_id = counted.org_id
    AND $period_end BETWEEN above.first_on AND above.last_on
WHERE counted.finish = 'processed'
  AND counted.received_from BETWEEN $period_start AND $period_end
GROUP BY above.above_id
ORDER BY above.above_id
