-- Scores of the 766 index as the portal showed them: one row per province, period and group; an empty group is the total.
-- They stand in the list of all provinces, or beside the parts of one; of a period that was captured again the last capture counts.
WITH listed AS (
    UNPIVOT (
        SELECT
            org_id,
            period,
            captured_on,
            total,
            transparency_18 AS transparency,
            progress_20 AS progress,
            online_services_12 AS "online-services",
            online_payment_10 AS "online-payment",
            satisfaction_18 AS satisfaction,
            digitisation_22 AS digitisation
        FROM fact.index766_province
    )
    ON total, transparency, progress, "online-services", "online-payment", satisfaction, digitisation
    INTO NAME breakdown VALUE value
),
shown AS (
    SELECT 1 AS place, org_id, period, captured_on, breakdown, value
    FROM listed
    UNION ALL
    SELECT 2, org_id, period, captured_on, group_code, score
    FROM fact.index766_group
    UNION ALL
    SELECT 3, org_id, period, captured_on, 'total', score
    FROM fact.index766_subindicator
    WHERE group_code = 'total'
      AND score IS NOT NULL
)
SELECT
    s.org_id,
    p.period,
    nullif(s.breakdown, 'total') AS breakdown,
    s.value,
    p.status,
    p.source
FROM shown AS s
JOIN fact.capture_period AS p ON p.portal_period = s.period AND p.captured_on = s.captured_on
QUALIFY row_number() OVER (PARTITION BY s.org_id, p.period, s.breakdown ORDER BY s.captured_on DESC, s.place) = 1
