-- Dossiers submitted online: one row per settling body that received a dossier in the period, and per body above.
-- Gives org_id, numerator, denominator. Needs $period_start, $period_end and $need_result.
WITH received AS (
    SELECT
        org_id,
        count(*) FILTER (WHERE channel = 2 AND ($need_result = 0 OR has_result_link)) AS numerator,
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
