-- Printed scores of the 766 index to compare with: one row per organisation, period and part of the tree.
WITH shown AS (
    SELECT agency_code, period, captured_on, group_code AS part, score
    FROM fact.index766_group
)
SELECT
    c.org_id,
    p.period,
    CASE s.part WHEN 'total' THEN 'index766' ELSE s.part END AS part,
    s.score
FROM shown AS s
JOIN fact.capture_period AS p ON p.portal_period = s.period AND p.captured_on = s.captured_on
JOIN ref.organisation_code AS c
    ON c.code_system = 'agency'
    AND c.code = s.agency_code
    AND s.captured_on BETWEEN coalesce(c.valid_from, DATE '0001-01-01') AND coalesce(c.valid_to, DATE '9999-12-31')
