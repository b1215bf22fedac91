-- Everything the indicators count: one row per organisation and fiscal year, and one for the Government of Canada (CA).
-- The government is counted from the same rows, never averaged from its departments.
WITH service AS (
    SELECT
        service_year.*,
        standard.service_id IS NOT NULL AS has_standard,
        coalesce(standard.has_met_standard, false) AS has_met_standard
    FROM fact.service_year
    LEFT JOIN (
        SELECT org_id, period, service_id, bool_or(is_met) AS has_met_standard
        FROM fact.standard_year
        GROUP BY ALL
    ) AS standard USING (org_id, period, service_id)
),
service_count AS (
    SELECT
        period,
        CASE WHEN grouping(org_id) = 1 THEN 'CA' ELSE org_id END AS counted_org_id,
        count(*) AS services,
        count(*) FILTER (WHERE has_standard) AS services_with_standard,
        count(*) FILTER (WHERE no_point_offline) AS services_no_point_offline,
        coalesce(sum(points_online), 0) AS points_online,
        coalesce(sum(points_online + points_offline), 0) AS points_answered,
        count(*) FILTER (WHERE is_improved_recently) AS services_improved,
        count(*) FILTER (WHERE has_feedback_channel) AS services_with_feedback,
        count(*) FILTER (WHERE is_omnichannel) AS services_omnichannel,

        sum(applications_online) AS applications_online,
        sum(applications_phone) AS applications_phone,
        sum(applications_in_person) AS applications_in_person,
        sum(applications_mail) AS applications_mail,
        sum(applications_email) AS applications_email,
        sum(applications_fax) AS applications_fax,
        sum(applications_other) AS applications_other,
        sum(phone_enquiries) AS phone_enquiries,
        sum(transactions) AS transactions,

        coalesce(sum(applications_online) FILTER (WHERE is_omnichannel), 0) AS omnichannel_online,
        coalesce(sum(applications_phone + phone_enquiries) FILTER (WHERE is_omnichannel), 0) AS omnichannel_phone,
        coalesce(sum(applications_in_person) FILTER (WHERE is_omnichannel), 0) AS omnichannel_in_person,
        coalesce(sum(transactions) FILTER (WHERE is_omnichannel), 0) AS omnichannel_transactions,

        count(*) FILTER (WHERE is_external) AS external_services,
        count(DISTINCT org_id) FILTER (WHERE is_external) AS external_organisations,
        count(*) FILTER (WHERE is_external AND all_points_online) AS external_all_points_online,
        count(*) FILTER (WHERE is_external AND points_online > 0) AS external_one_point_online,
        coalesce(sum(applications_online) FILTER (WHERE is_external), 0) AS external_online,
        coalesce(sum(applications_phone + phone_enquiries) FILTER (WHERE is_external), 0) AS external_phone,
        coalesce(sum(applications_in_person) FILTER (WHERE is_external), 0) AS external_in_person,
        coalesce(sum(applications_mail) FILTER (WHERE is_external), 0) AS external_mail,
        -- Two services dwarf all others and are also shown apart: 669 (travellers at the border), 1677 (astronomy data).
        coalesce(sum(applications_online) FILTER (WHERE is_external AND service_id NOT IN ('669', '1677')), 0)
            AS external_online_without_two,
        coalesce(sum(applications_in_person) FILTER (WHERE is_external AND service_id NOT IN ('669', '1677')), 0)
            AS external_in_person_without_two,

        -- High volume: 45,000 applications and telephone enquiries or more.
        count(*) FILTER (WHERE is_external AND is_high_volume) AS high_volume_services,
        count(*) FILTER (WHERE is_external AND is_high_volume AND all_points_online) AS high_volume_all_points_online,
        count(*) FILTER (WHERE is_external AND is_high_volume AND points_online > 0) AS high_volume_one_point_online,
        count(*) FILTER (WHERE is_external AND is_high_volume AND has_met_standard) AS high_volume_with_met_standard,

        -- Many applications: 45,000 applications or more, telephone enquiries left out.
        count(*) FILTER (WHERE is_external AND has_many_applications AND points_not_applicable < 6)
            AS many_applications_services,
        count(*) FILTER (WHERE is_external AND has_many_applications AND no_point_offline)
            AS many_applications_no_point_offline,
        coalesce(sum(applications) FILTER (WHERE is_external AND has_many_applications), 0) AS many_applications,
        coalesce(sum(applications_online) FILTER (WHERE is_external AND has_many_applications), 0)
            AS many_applications_online
    FROM service
    GROUP BY GROUPING SETS ((period, org_id), (period))
),
program_count AS (
    SELECT
        period,
        CASE WHEN grouping(org_id) = 1 THEN 'CA' ELSE org_id END AS counted_org_id,
        count(DISTINCT trim(code)) AS external_programs
    FROM fact.service_year, unnest(string_split(program_id, ',')) AS part (code)
    WHERE is_external
    GROUP BY GROUPING SETS ((period, org_id), (period))
),
standard_count AS (
    SELECT
        period,
        CASE WHEN grouping(org_id) = 1 THEN 'CA' ELSE org_id END AS counted_org_id,
        count(*) AS standards,
        count(*) FILTER (WHERE is_judged) AS standards_judged,
        count(*) FILTER (WHERE is_met) AS standards_met,
        count(*) FILTER (WHERE is_external AND is_judged) AS external_standards_judged,
        count(*) FILTER (WHERE is_external AND is_met) AS external_standards_met,
        count(*) FILTER (WHERE is_external AND is_high_volume AND is_judged) AS high_volume_standards_judged,
        count(*) FILTER (WHERE is_external AND is_high_volume AND is_met) AS high_volume_standards_met
    FROM fact.standard_year
    GROUP BY GROUPING SETS ((period, org_id), (period))
)
SELECT
    counted_org_id AS org_id,
    period,
    CAST(COLUMNS(service_count.* EXCLUDE (counted_org_id, period)) AS BIGINT),   -- sums are wider than they need be
    coalesce(external_programs, 0) AS external_programs,
    coalesce(standards, 0) AS standards,
    coalesce(standards_judged, 0) AS standards_judged,
    coalesce(standards_met, 0) AS standards_met,
    coalesce(external_standards_judged, 0) AS external_standards_judged,
    coalesce(external_standards_met, 0) AS external_standards_met,
    coalesce(high_volume_standards_judged, 0) AS high_volume_standards_judged,
    coalesce(high_volume_standards_met, 0) AS high_volume_standards_met
FROM service_count
LEFT JOIN program_count USING (counted_org_id, period)
LEFT JOIN standard_count USING (counted_org_id, period)
