-- The same cells as fact.published_cell, computed from the inventory by the views that the indicators read.
-- Only here are shares divided: to stand beside the publisher's.
WITH organisation AS (
    SELECT *
    FROM fact.organisation_year
    LEFT JOIN ref.organisation_title USING (org_id)
    WHERE period = '2023-04-01/2024-03-31'
),
maf AS (
    -- Departments without a standard, or without an answered point, are blank in the publisher's table.
    SELECT
        'maf_all' AS published_table,
        org_id AS row_key,
        services_with_standard AS service_with_std_count,
        services AS service_count_maf1,
        100.0 * services_with_standard / services AS maf1_score,
        CASE WHEN standards > 0 THEN standards_met END AS service_standard_met,
        CASE WHEN standards > 0 THEN standards_judged END AS service_standard_count,
        100.0 * standards_met / nullif(standards_judged, 0) AS maf2_score,
        services_no_point_offline AS online_e2e_count,
        services AS service_count_maf5,
        100.0 * services_no_point_offline / services AS maf5_score,
        CASE WHEN points_answered > 0 THEN points_online END AS activated_point_count,
        nullif(points_answered, 0) AS point_count,
        100.0 * points_online / nullif(points_answered, 0) AS maf6_score,
        services_improved AS improved_services_count,
        services AS service_count_maf8,
        100.0 * services_improved / services AS maf8_score
    FROM organisation
    WHERE org_id <> 'CA'
),
ib AS (
    SELECT
        'ib_all' AS published_table,
        org_id AS row_key,
        services_no_point_offline AS online_e2e_count,
        services_no_point_offline / services AS online_e2e_pc,
        services_with_standard AS service_with_std_count,
        services_with_standard / services AS services_with_standards_percentage,
        CASE WHEN standards > 0 THEN standards_met END AS service_standard_met,
        CASE WHEN standards > 0 THEN standards_judged END AS service_standard_count,
        standards_met / nullif(standards_judged, 0) AS standards_met_percentage
    FROM organisation
    WHERE org_id <> 'CA'
),
drr AS (
    SELECT
        'drr_all' AS published_table,
        org_id AS row_key,
        many_applications_no_point_offline AS hv_online_e2e_count,
        many_applications_services AS hv_service_count,
        100.0 * many_applications_no_point_offline / many_applications_services AS dr2467_score,
        high_volume_with_met_standard AS hvte_services_count_meeting_standard,
        high_volume_services AS hvte_services_count,
        100.0 * high_volume_with_met_standard / high_volume_services AS dr2468_score,
        many_applications_online AS hv_online_applications,
        many_applications AS hv_total_applications,
        100.0 * many_applications_online / many_applications AS dr2469_score,
        services_with_feedback AS service_with_feedback_count,
        services AS service_count,
        100.0 * services_with_feedback / services AS service_with_feedback_percentage
    FROM organisation
    WHERE org_id = 'CA'
),
datapack AS (
    SELECT
        'dp_metrics' AS published_table,
        org_id AS row_key,
        services AS total_services,
        transactions AS num_transactions_total,
        applications_online AS num_applications_online,
        applications_phone + phone_enquiries AS num_phone_apps_enquiries,
        applications_in_person AS num_applications_in_person,
        applications_online / transactions AS online_percentage,
        (applications_phone + phone_enquiries) / transactions AS phone_percentage,
        applications_in_person / transactions AS "in-person_percentage",
        services_omnichannel AS total_services_omni,
        omnichannel_transactions AS num_transactions_total_omni,
        omnichannel_online AS num_applications_online_omni,
        omnichannel_phone AS num_phone_apps_enquiries_omni,
        omnichannel_in_person AS num_applications_in_person_omni,
        services_omnichannel / services AS omni_service_percentage,
        omnichannel_online / omnichannel_transactions AS omni_online_percentage,
        omnichannel_phone / omnichannel_transactions AS omni_phone_percentage,
        omnichannel_in_person / omnichannel_transactions AS "omni_in-person_percentage",
        external_organisations AS total_orgs_ext,
        external_services AS total_services_ext,
        external_online AS num_applications_online_ext,
        external_in_person AS num_applications_in_person_ext,
        external_phone AS num_phone_apps_enquiries_ext,
        external_mail AS num_applications_by_mail,
        external_online_without_two AS num_applications_online_ext_excl_services,
        external_in_person_without_two AS num_applications_in_person_ext_excl_services,
        external_programs AS total_programs_ext,
        external_all_points_online AS total_services_ext_online,
        external_all_points_online / external_services AS ext_online_service_percentage,
        external_one_point_online AS total_services_ext_1oip,
        external_one_point_online / external_services AS ext_1oip_service_percentage,
        external_standards_judged AS total_standards_ext,
        external_standards_met AS total_standards_met_ext,
        external_standards_met / external_standards_judged AS ext_standard_met_percentage,
        high_volume_services AS total_services_ext_hv,
        high_volume_all_points_online AS total_services_ext_hv_online,
        high_volume_all_points_online / high_volume_services AS ext_hv_online_service_percentage,
        high_volume_one_point_online AS total_services_ext_hv_1oip,
        high_volume_one_point_online / high_volume_services AS ext_hv_1oip_service_percentage,
        high_volume_standards_judged AS total_standards_ext_hv,
        high_volume_standards_met AS total_standards_met_ext_hv,
        high_volume_standards_met / high_volume_standards_judged AS ext_hv_standard_met_percentage
    FROM organisation
    WHERE org_id = 'CA'
),
number_cell AS (
    FROM (SELECT published_table, row_key, CAST(COLUMNS(* EXCLUDE (published_table, row_key)) AS DOUBLE) FROM maf)
    UNPIVOT INCLUDE NULLS (number FOR measure IN (COLUMNS(* EXCLUDE (published_table, row_key))))
    UNION ALL BY NAME
    FROM (SELECT published_table, row_key, CAST(COLUMNS(* EXCLUDE (published_table, row_key)) AS DOUBLE) FROM ib)
    UNPIVOT INCLUDE NULLS (number FOR measure IN (COLUMNS(* EXCLUDE (published_table, row_key))))
    UNION ALL BY NAME
    FROM (SELECT published_table, row_key, CAST(COLUMNS(* EXCLUDE (published_table, row_key)) AS DOUBLE) FROM drr)
    UNPIVOT INCLUDE NULLS (number FOR measure IN (COLUMNS(* EXCLUDE (published_table, row_key))))
    UNION ALL BY NAME
    FROM (SELECT published_table, row_key, CAST(COLUMNS(* EXCLUDE (published_table, row_key)) AS DOUBLE) FROM datapack)
    UNPIVOT INCLUDE NULLS (number FOR measure IN (COLUMNS(* EXCLUDE (published_table, row_key))))
    UNION ALL BY NAME
    SELECT
        'si_vol' AS published_table,
        concat_ws('/', org_id, service_id, channel) AS row_key,
        'volume' AS measure,
        CAST(volume AS DOUBLE) AS number
    FROM fact.service_volume
    WHERE period = '2023-04-01/2024-03-31'
    UNION ALL BY NAME
    FROM (
        SELECT
            'ss_tml_perf_vol' AS published_table,
            concat_ws('/', org_id, service_id, channel) AS row_key,
            CAST(volume_meeting_target AS DOUBLE) AS volume_meeting_target,
            CAST(total_volume AS DOUBLE) AS total_volume,
            CAST(volume_not_meeting_target AS DOUBLE) AS volume_not_meeting_target
        FROM fact.timeliness_volume
        WHERE period = '2023-04-01/2024-03-31'
    )
    UNPIVOT INCLUDE NULLS (number FOR measure IN (COLUMNS(* EXCLUDE (published_table, row_key))))
),
text_cell AS (
    SELECT published_table, org_id AS row_key, measure, text
    FROM (
        SELECT org_id, title_en AS department_en, title_fr AS department_fr
        FROM organisation
        WHERE org_id <> 'CA'
    )
    UNPIVOT INCLUDE NULLS (text FOR measure IN (department_en, department_fr))
    CROSS JOIN (VALUES ('maf_all'), ('ib_all')) AS both_tables (published_table)
)
SELECT published_table, row_key, measure, number, CAST(NULL AS VARCHAR) AS text
FROM number_cell
UNION ALL
SELECT published_table, row_key, measure, NULL, text
FROM text_cell
