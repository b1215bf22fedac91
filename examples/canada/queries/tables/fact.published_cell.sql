-- What the publisher prints for fiscal year 2023-2024, one row per cell: table, row, column, number or text.
-- Blank cells stay: our cell must then be blank too. The columns that name a row (organisation, service, channel)
-- make up `row_key`.
WITH maf AS (
    SELECT
        'maf_all' AS published_table,
        'CA-' || org_code AS row_key,
        COLUMNS(lambda name: name NOT IN ('fiscal_yr', 'org_code', 'file_id', 'row_id'))
    FROM fact.published_maf
    WHERE fiscal_yr = '2023-2024'
),
ib AS (
    SELECT
        'ib_all' AS published_table,
        'CA-' || org_code AS row_key,
        COLUMNS(lambda name: name NOT IN ('fiscal_yr', 'org_code', 'file_id', 'row_id'))
    FROM fact.published_ib
    WHERE fiscal_yr = '2023-2024'
),
drr AS (
    SELECT
        'drr_all' AS published_table,
        'CA' AS row_key,
        COLUMNS(lambda name: name NOT IN ('fiscal_yr', 'file_id', 'row_id'))
    FROM fact.published_drr
    WHERE fiscal_yr = '2023-2024'
),
service_volume AS (
    SELECT
        'si_vol' AS published_table,
        concat_ws('/', 'CA-' || org_code, service_id, channel) AS row_key,
        volume
    FROM fact.published_service_volume
    WHERE fiscal_yr = '2023-2024'
),
timeliness_volume AS (
    SELECT
        'ss_tml_perf_vol' AS published_table,
        concat_ws('/', 'CA-' || org_code, service_id, channel) AS row_key,
        volume_meeting_target,
        total_volume,
        volume_not_meeting_target
    FROM fact.published_timeliness_volume
    WHERE fiscal_yr = '2023-2024'
),
number_cell AS (
    FROM (SELECT * EXCLUDE (department_en, department_fr) FROM maf)
    UNPIVOT INCLUDE NULLS (number FOR measure IN (COLUMNS(* EXCLUDE (published_table, row_key))))
    UNION ALL BY NAME
    FROM (SELECT * EXCLUDE (department_en, department_fr) FROM ib)
    UNPIVOT INCLUDE NULLS (number FOR measure IN (COLUMNS(* EXCLUDE (published_table, row_key))))
    UNION ALL BY NAME
    FROM drr
    UNPIVOT INCLUDE NULLS (number FOR measure IN (COLUMNS(* EXCLUDE (published_table, row_key))))
    UNION ALL BY NAME
    SELECT 'dp_metrics' AS published_table, 'CA' AS row_key, metric AS measure, value_2023_2024 AS number
    FROM fact.published_datapack
    UNION ALL BY NAME
    SELECT published_table, row_key, 'volume' AS measure, volume AS number
    FROM service_volume
    UNION ALL BY NAME
    FROM timeliness_volume
    UNPIVOT INCLUDE NULLS (number FOR measure IN (COLUMNS(* EXCLUDE (published_table, row_key))))
),
text_cell AS (
    FROM (
        SELECT published_table, row_key, department_en, department_fr FROM maf
        UNION ALL
        SELECT published_table, row_key, department_en, department_fr FROM ib
    )
    UNPIVOT INCLUDE NULLS (text FOR measure IN (department_en, department_fr))
)
SELECT published_table, row_key, measure, CAST(number AS DOUBLE) AS number, CAST(NULL AS VARCHAR) AS text
FROM number_cell
UNION ALL
SELECT published_table, row_key, measure, NULL, text
FROM text_cell
