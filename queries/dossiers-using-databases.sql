-- Dossiers settled with data of a national database: one row per settling body that received a dossier in the period, and per
-- body above. Gives org_id, numerator, denominator. Needs $period_start and $period_end.
WITH counted AS (
    SELECT
        org_id,
        sum(CASE WHEN uses_database THEN dossiers ELSE 0 END) AS settled_with_data,
        sum(dossiers) AS dossiers
    FROM fact.dossier_count
    WHERE finish = 'processed'
      AND received_from BETWEEN $period_start AND $period_end
    GROUP BY org_id
)
SELECT
    above.above_id AS org_id,
    CAST(sum(counted.settled_with_data) AS BIGINT) AS numerator,
    CAST(sum(counted.dossiers) AS BIGINT) AS denominator
FROM counted
JOIN ref.organisation_above AS above
    ON above.org_id = counted.org_id
    AND $period_end BETWEEN above.first_on AND above.last_on
    AND $period_start BETWEEN above.held_from AND above.held_to
GROUP BY above.above_id
ORDER BY above.above_id
