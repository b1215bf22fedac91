-- Services in scope: one row per service of the year the inventory is for, offered to the public (EXTERN) or to
-- the whole government (ENTERPRISE). Rows of other years in the same file are corrections and are not counted here.
--
-- "Online end to end" has three rules, all over the six interaction points (Y, N or NA):
--   no_point_offline  no N, and not all six NA; over all services (MAF 5) or over those with a point (DR-2467)
--   all_points_online Y and NA make six, with at least one Y; over all external services (data pack 14 and 17)
-- A blank point tells the two apart: it is no N, but it does not help to make six.
WITH scope AS (
    SELECT
        fiscal_yr,
        owner_org,
        service_id,
        bool_or(scope = 'EXTERN') AS is_external,
        bool_or(scope IN ('EXTERN', 'ENTERPRISE')) AS is_in_scope
    FROM fact.service_scope
    GROUP BY ALL
),
service AS (
    SELECT
        org_id,
        left(fiscal_yr, 4) || '-04-01/' || right(fiscal_yr, 4) || '-03-31' AS period,
        is_external,
        inventory_service.*,
        [
            os_account_registration, os_authentication, os_application,
            os_decision, os_issuance, os_issue_resolution_feedback
        ] AS points,
        -- A volume that is not a number counts as nothing in a sum.
        coalesce(num_phone_enquiries, 0) AS phone_enquiries,
        coalesce(num_applications_by_phone, 0) AS applications_phone,
        coalesce(num_applications_online, 0) AS applications_online,
        coalesce(num_applications_in_person, 0) AS applications_in_person,
        coalesce(num_applications_by_mail, 0) AS applications_mail,
        coalesce(num_applications_by_email, 0) AS applications_email,
        coalesce(num_applications_by_fax, 0) AS applications_fax,
        coalesce(num_applications_by_other, 0) AS applications_other,
        coalesce(num_applications_total, 0) AS applications
    FROM fact.inventory_service
    JOIN scope USING (fiscal_yr, owner_org, service_id)
    JOIN ref.organisation_of_name ON name = owner_org
    WHERE is_in_scope
      AND fiscal_yr = inventory_year
),
counted AS (
    SELECT
        *,
        len(list_filter(points, lambda point: point = 'Y')) AS points_online,
        len(list_filter(points, lambda point: point = 'N')) AS points_offline,
        len(list_filter(points, lambda point: point = 'NA')) AS points_not_applicable,
        applications + phone_enquiries AS transactions
    FROM service
)
SELECT
    * EXCLUDE (points),
    points_offline = 0 AND points_not_applicable < 6 AS no_point_offline,
    points_online + points_not_applicable = 6 AND points_online > 0 AS all_points_online,
    applications >= 45000 AS has_many_applications,
    transactions >= 45000 AS is_high_volume,
    -- Telephone, online and counter are each reported as a number, be it 0.
    (num_phone_enquiries IS NOT NULL OR num_applications_by_phone IS NOT NULL)
        AND num_applications_online IS NOT NULL
        AND num_applications_in_person IS NOT NULL AS is_omnichannel,
    upper(coalesce(client_feedback_channel, '')) <> 'NON' AS has_feedback_channel,
    coalesce(
        CAST(right(fiscal_yr, 4) AS INTEGER) - CAST(right(last_service_improvement, 4) AS INTEGER) BETWEEN 0 AND 1,
        false
    ) AS is_improved_recently
FROM counted
