-- Periods of the captured pages: one row per period as the portal names it and day of capture.
-- A year that was still open runs from 1 January to the day of capture; whatever was still open is provisional (`P`).
WITH capture AS (
    SELECT period AS portal_period, captured_on FROM fact.index766_province
    UNION
    SELECT period, captured_on FROM fact.index766_unit
    UNION
    SELECT period, captured_on FROM fact.index766_subindicator
    UNION
    SELECT period, captured_on FROM fact.index766_group
),
dated AS (
    SELECT
        *,
        CASE
            WHEN portal_period LIKE '____' THEN make_date(CAST(portal_period AS INTEGER), 12, 31)
            WHEN portal_period LIKE '____-Q_'
                THEN last_day(make_date(CAST(portal_period[1:4] AS INTEGER), 3 * CAST(portal_period[7] AS INTEGER), 1))
            ELSE last_day(CAST(portal_period || '-01' AS DATE))
        END AS ends_on
    FROM capture
)
SELECT
    portal_period,
    captured_on,
    CASE
        WHEN portal_period LIKE '____' AND captured_on < ends_on
            THEN portal_period || '-01-01/' || CAST(captured_on AS VARCHAR)
        ELSE portal_period
    END AS period,
    CASE WHEN captured_on <= ends_on THEN 'P' ELSE 'A' END AS status,
    'dichvucong.gov.vn ' || CAST(captured_on AS VARCHAR) AS source
FROM dated
