-- Scores of the 766 index of provinces: one row per province, period and group; an empty group is the total.
WITH score AS (
    UNPIVOT (
        SELECT
            agency_code,
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
    c.org_id,
    p.period,
    nullif(s.breakdown, 'total') AS breakdown,
    s.value,
    p.status,
    p.source
FROM score AS s
JOIN fact.capture_period AS p ON p.portal_period = s.period AND p.captured_on = s.captured_on
JOIN ref.organisation_code AS c
    ON c.code_system = 'agency'
    AND c.code = s.agency_code
    AND s.captured_on BETWEEN coalesce(c.valid_from, DATE '0001-01-01') AND coalesce(c.valid_to, DATE '9999-12-31')
