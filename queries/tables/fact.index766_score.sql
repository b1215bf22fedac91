-- Scores of the 766 index of provinces: one row per province, period and group; an empty group is the total.
WITH score AS (
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
)
SELECT
    s.org_id,
    p.period,
    nullif(s.breakdown, 'total') AS breakdown,
    s.value,
    p.status,
    p.source
FROM score AS s
JOIN fact.capture_period AS p ON p.portal_period = s.period AND p.captured_on = s.captured_on
