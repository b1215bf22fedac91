-- title: The E-Government Development Index is the weighted mean of its three parts
-- title_vi: EGDI bằng trung bình có trọng số của ba chỉ số thành phần
-- severity: warning
-- table: fact.country_index
SELECT
    e.edition,
    e.iso3,
    e.country,
    'published ' || CAST(e.egdi AS VARCHAR) || ', recomputed '
        || CAST(round(w.w_osi * e.osi + w.w_tii * e.tii + w.w_hci * e.hci, 5) AS VARCHAR) AS detail_en,
    'công bố ' || replace(CAST(e.egdi AS VARCHAR), '.', ',') || ', tính lại '
        || replace(CAST(round(w.w_osi * e.osi + w.w_tii * e.tii + w.w_hci * e.hci, 5) AS VARCHAR), '.', ',') AS detail_vi
FROM fact.country_index AS e
JOIN ref.egdi_edition AS w ON w.edition = e.edition
WHERE e.scored
  AND abs(e.egdi - (w.w_osi * e.osi + w.w_tii * e.tii + w.w_hci * e.hci)) > 0.0001
ORDER BY e.edition, e.iso3
