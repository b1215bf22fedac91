-- Services of the named list with enough dossiers: one row per province that received a dossier in the year.
-- The dossiers that bodies received before they merged in the year count for the province of the last day, for the law asks for
-- so many in a year and a province. Gives org_id, count. Needs $period_start, $period_end, $min_dossiers and $online_only. Without the list there is no row.
WITH received AS (
    SELECT
        above.above_id AS org_id,
        counted.procedure,
        sum(CASE WHEN $online_only = 1 THEN counted.received_online ELSE counted.received END) AS dossiers
    FROM fact.procedure_count AS counted
    JOIN ref.organisation_above AS above
        ON above.org_id = counted.org_id
        AND $period_end BETWEEN above.first_on AND above.last_on
        AND $period_end BETWEEN above.held_from AND above.held_to
    JOIN ref.organisation AS province
        ON province.org_id = above.above_id
        AND province.level = 'province'
    WHERE counted.half_from BETWEEN $period_start AND $period_end
      AND counted.received > 0
    GROUP BY above.above_id, counted.procedure
),
named AS (
    SELECT DISTINCT procedure
    FROM ref.named_procedure
    WHERE procedure IS NOT NULL
)
SELECT
    received.org_id,
    count(*) FILTER (WHERE named.procedure IS NOT NULL AND received.dossiers >= $min_dossiers) AS count
FROM received
LEFT JOIN named ON named.procedure = received.procedure
WHERE EXISTS (SELECT 1 FROM ref.named_procedure)
GROUP BY received.org_id
ORDER BY received.org_id
