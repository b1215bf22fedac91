-- Applications by channel and telephone enquiries.
-- One row per organisation, fiscal year and channel; CA is the Government of Canada. Gives org_id, period, breakdown, count.
SELECT org_id, period, '' AS breakdown, transactions AS count
FROM fact.organisation_year
UNION ALL
SELECT org_id, period, 'online' AS breakdown, applications_online AS count
FROM fact.organisation_year
UNION ALL
SELECT org_id, period, 'phone-enquiry' AS breakdown, phone_enquiries AS count
FROM fact.organisation_year
UNION ALL
SELECT org_id, period, 'phone' AS breakdown, applications_phone AS count
FROM fact.organisation_year
UNION ALL
SELECT org_id, period, 'in-person' AS breakdown, applications_in_person AS count
FROM fact.organisation_year
UNION ALL
SELECT org_id, period, 'mail' AS breakdown, applications_mail AS count
FROM fact.organisation_year
UNION ALL
SELECT org_id, period, 'email' AS breakdown, applications_email AS count
FROM fact.organisation_year
UNION ALL
SELECT org_id, period, 'fax' AS breakdown, applications_fax AS count
FROM fact.organisation_year
UNION ALL
SELECT org_id, period, 'other' AS breakdown, applications_other AS count
FROM fact.organisation_year
ORDER BY period, org_id, breakdown
