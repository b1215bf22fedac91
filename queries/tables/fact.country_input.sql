-- Raw inputs of the E-Government Development Index: one row per scored state, edition and input.
-- Literacy comes from UNESCO where it is known there and from the World Bank otherwise.
WITH input AS (
    SELECT
        edition,
        iso3,
        value,
        CASE component
            WHEN 'internet_users_pct' THEN 'internet-users'
            WHEN 'fixed_broadband_per100' THEN 'fixed-broadband'
            WHEN 'active_mobile_broadband_per100' THEN 'mobile-broadband'
            WHEN 'mobile_cellular_per100' THEN 'mobile'
            WHEN 'fixed_telephone_per100' THEN 'fixed-telephone'
            WHEN 'adult_literacy_pct' THEN 'literacy'
            WHEN 'adult_literacy_pct_wdi' THEN 'literacy'
            WHEN 'gross_enrolment_1t8_pct' THEN 'enrolment'
            WHEN 'expected_years_schooling' THEN 'expected-schooling'
            WHEN 'mean_years_schooling' THEN 'mean-schooling'
            -- A new input goes in under its own name.
            ELSE replace(component, '_', '-')
        END AS part,
        CASE component WHEN 'adult_literacy_pct_wdi' THEN 2 ELSE 1 END AS choice
    FROM fact.country_component
)
SELECT c.org_id, CAST(i.edition AS VARCHAR) AS period, i.part, i.value
FROM input AS i
JOIN ref.organisation_code AS c ON c.code_system = 'iso3' AND c.code = i.iso3
JOIN fact.country_index AS f ON f.edition = i.edition AND f.iso3 = i.iso3 AND f.scored
QUALIFY row_number() OVER (PARTITION BY i.edition, i.iso3, i.part ORDER BY i.choice) = 1
