-- Dossiers to settle in the period: one row per settling body that had one, and per body above, with the total and online,
-- not-online, carried-over. Gives org_id, breakdown, count. Needs $period_start, $period_end and $finish.
WITH counted AS (
    SELECT
        org_id,
        CASE
            WHEN received_from < $period_start THEN 'carried-over'
            WHEN channel = 2 THEN 'online'
            ELSE 'not-online'
        END AS breakdown,
        sum(dossiers) AS dossiers
    FROM fact.dossier_count
    WHERE finish = $finish
      AND (
          received_from BETWEEN $period_start AND $period_end
          OR (received_from < $period_start AND ended_from >= $period_start)
      )
    GROUP BY 1, 2
),
summed AS (
    SELECT above.above_id AS org_id, counted.breakdown, sum(counted.dossiers) AS dossiers
    FROM counted
    JOIN ref.organisation_above AS above
        ON above.org_id = counted.org_id
        AND $period_end BETWEEN above.first_on AND above.last_on
        AND $period_start BETWEEN above.held_from AND above.held_to
    GROUP BY above.above_id, counted.breakdown
)
SELECT org_id, '' AS breakdown, CAST(sum(dossiers) AS BIGINT) AS count FROM summed GROUP BY org_id
UNION ALL
SELECT org_id, breakdown, CAST(dossiers AS BIGINT) FROM summed
ORDER BY org_id, breakdown
