-- The E-Government Development Index: one row per state that was scored in an edition.
SELECT
    c.org_id,
    CAST(f.edition AS VARCHAR) AS period,
    f.rank,
    f.egdi,
    f.osi,
    f.tii,
    f.hci,
    coalesce(s.name, f.source) AS source
FROM fact.country_index AS f
JOIN ref.organisation_code AS c ON c.code_system = 'iso3' AND c.code = f.iso3
LEFT JOIN ref.egdi_source AS s ON s.code = f.source
WHERE f.scored
