-- Dossiers not submitted online: one row per settling body that received a dossier in the period, and per body above, with the
-- total and in-person, postal. Gives org_id, breakdown, numerator, denominator. Needs $period_start and $period_end.
WITH counted AS (
    SELECT
        org_id,
        sum(CASE WHEN channel = 1 THEN dossiers ELSE 0 END) AS in_person,
        sum(CASE WHEN channel = 3 THEN dossiers ELSE 0 END) AS postal,
        sum(dossiers) AS dossiers
    FROM fact.dossier_count
    WHERE finish = 'processed'
      AND received_from BETWEEN $period_start AND $period_end
    GROUP BY org_id
),
received AS (
    SELECT
        above.above_id AS org_id,
        sum(counted.in_person) AS in_person,
        sum(counted.postal) AS postal,
        sum(counted.dossiers) AS dossiers
    FROM counted
    JOIN ref.organisation_above AS above
        ON above.org_id = counted.org_id
        AND $period_end BETWEEN above.first_on AND above.last_on
        AND $period_start BETWEEN above.held_from AND above.held_to
    GROUP BY above.above_id
)
SELECT org_id, '' AS breakdown, CAST(in_person + postal AS BIGINT) AS numerator, CAST(dossiers AS BIGINT) AS denominator
FROM received
UNION ALL
SELECT org_id, 'in-person', CAST(in_person AS BIGINT), CAST(dossiers AS BIGINT) FROM received
UNION ALL
SELECT org_id, 'postal', CAST(postal AS BIGINT), CAST(dossiers AS BIGINT) FROM received
ORDER BY org_id, breakdown
