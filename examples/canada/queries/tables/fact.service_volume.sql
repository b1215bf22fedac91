-- Applications by channel: one row per service in scope, fiscal year and channel with a number above 0.
SELECT
    org_id,
    period,
    fiscal_yr,
    service_id,
    channel,
    volume
FROM fact.service_year
UNPIVOT (volume FOR channel IN (
    num_applications_by_phone AS 'phone',
    num_applications_online AS 'online',
    num_applications_in_person AS 'in_person',
    num_applications_by_mail AS 'mail',
    num_applications_by_email AS 'email',
    num_applications_by_fax AS 'fax',
    num_applications_by_other AS 'other'
))
WHERE volume > 0
