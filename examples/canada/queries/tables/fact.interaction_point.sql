-- Interaction points: one row per service in scope, fiscal year and point that was answered; Y, N or NA.
SELECT
    org_id,
    period,
    fiscal_yr,
    service_id,
    replace(name, 'os_', '') AS point,
    activation
FROM fact.service_year
UNPIVOT (activation FOR name IN (
    os_account_registration, os_authentication, os_application,
    os_decision, os_issuance, os_issue_resolution_feedback
))
