-- Dossiers submitted online: one row per organisation and period.
-- Gives org_id, period, numerator, denominator, status, source.
-- A source prints either all dossiers or those of the other channels; without one of them the denominator stays empty.
WITH published AS (
    SELECT
        org_id,
        period,
        CAST(max(value) FILTER (WHERE part = 'numerator') AS BIGINT) AS numerator,
        CAST(coalesce(
            max(value) FILTER (WHERE part = 'denominator'),
            max(value) FILTER (WHERE part = 'numerator') + max(value) FILTER (WHERE part = 'rest')
        ) AS BIGINT) AS denominator,
        max(status) AS status,
        max(source) AS source
    FROM fact.published_value
    WHERE indicator = 'online-dossier-share'
    GROUP BY org_id, period
),
channel AS (
    SELECT org_id, period, numerator, denominator, status, source
    FROM fact.index766_part
    WHERE part = 'dossiers by channel online'
)
SELECT org_id, period, numerator, denominator, status, source FROM published
UNION ALL
SELECT org_id, period, numerator, denominator, status, source FROM channel
ORDER BY org_id, period
