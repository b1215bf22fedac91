-- kept: by org_id of fact.dossier_case
-- Dossiers counted by procedure: one row per settling body, procedure (by its own code: `1.004194.000.00.00.H44` is
-- `1.004194`) and half month, named as in `fact.dossier_count`, in which a dossier of it was received or ended with a result.
-- A dossier ends by the rule of the 766 index.
WITH dossier AS (
    SELECT
        org_id,
        procedure_code,
        channel = 2 AS is_online,
        has_result_link,
        received_on,
        CASE WHEN status NOT IN (3, 7, 8) AND processed_at IS NOT NULL THEN greatest(CAST(processed_at AS DATE), received_on) END AS ended_on
    FROM fact.dossier_case
    WHERE procedure_code IS NOT NULL
),
happened AS (
    SELECT
        org_id,
        procedure_code,
        CAST(date_trunc('month', received_on) AS DATE) + CASE WHEN day(received_on) >= 15 THEN 14 ELSE 0 END AS half_from,
        count(*) AS received,
        count(*) FILTER (WHERE is_online) AS received_online,
        0 AS resolved,
        0 AS resolved_online,
        0 AS resolved_with_link
    FROM dossier
    GROUP BY ALL
    UNION ALL
    SELECT
        org_id,
        procedure_code,
        CAST(date_trunc('month', ended_on) AS DATE) + CASE WHEN day(ended_on) >= 15 THEN 14 ELSE 0 END,
        0,
        0,
        count(*),
        count(*) FILTER (WHERE is_online),
        count(*) FILTER (WHERE has_result_link)
    FROM dossier
    WHERE ended_on IS NOT NULL
    GROUP BY ALL
)
SELECT
    org_id,
    coalesce(nullif(regexp_extract(procedure_code, '^[0-9]+\.[0-9]+'), ''), procedure_code) AS procedure,
    half_from,
    CAST(sum(received) AS BIGINT) AS received,
    CAST(sum(received_online) AS BIGINT) AS received_online,
    CAST(sum(resolved) AS BIGINT) AS resolved,
    CAST(sum(resolved_online) AS BIGINT) AS resolved_online,
    CAST(sum(resolved_with_link) AS BIGINT) AS resolved_with_link
FROM happened
GROUP BY ALL
