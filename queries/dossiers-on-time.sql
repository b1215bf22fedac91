-- Dossiers on time by the rule of the 766 index: one row per settling body that received a dossier in the period, and per body above.
-- Gives org_id, numerator, denominator. Needs $period_start, $period_end and $finish. What had not ended by the last day
-- of the period is judged at its end. A moment is compared with a moment.
WITH received AS (
    SELECT
        org_id,
        count(*) FILTER (
            WHERE requests <= 1
              AND (
                  -- The clock stopped, or the dossier ended, at or before the due moment; or that moment had not passed.
                  stopped_at <= due_at
                  OR (CASE $finish WHEN 'returned' THEN handed_at ELSE processed_at END) <= due_at
                  OR (
                      due_at >= CAST($period_end AS DATE) + INTERVAL 1 DAY - INTERVAL 1 SECOND
                      AND (
                          is_open
                          OR (CASE $finish WHEN 'returned' THEN handed_at ELSE processed_at END)
                              >= CAST($period_end AS DATE) + INTERVAL 1 DAY
                      )
                  )
              )
        ) AS numerator,
        count(*) AS denominator
    FROM fact.dossier_case
    WHERE received_on BETWEEN $period_start AND $period_end
    GROUP BY org_id
)
SELECT
    above.above_id AS org_id,
    CAST(sum(received.numerator) AS BIGINT) AS numerator,
    CAST(sum(received.denominator) AS BIGINT) AS denominator
FROM received
JOIN ref.organisation_above AS above
    ON above.org_id = received.org_id
    AND $period_end BETWEEN above.first_on AND above.last_on
GROUP BY above.above_id
ORDER BY above.above_id
