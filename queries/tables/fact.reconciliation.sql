-- Where an agency's form II.06 and its dossiers differ: one row per agency, period and column of the form, with both numbers.
SELECT org_id, period, column_number, form, dossiers, difference
FROM fact.form_compared
WHERE difference <> 0
