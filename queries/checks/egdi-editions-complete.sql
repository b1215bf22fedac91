-- title: Every edition of the index holds as many states and scores as expected, and the expected rank of Viet Nam
-- title_vi: Mỗi kỳ khảo sát EGDI có đủ số quốc gia, số điểm và đúng hạng của Việt Nam
-- severity: error
-- table: fact.country_index
WITH found AS (
    SELECT
        edition,
        count(*) AS n_countries,
        count(*) FILTER (WHERE scored) AS n_scored,
        max(rank) FILTER (WHERE iso3 = 'VNM') AS vnm_rank
    FROM fact.country_index
    GROUP BY edition
)
SELECT
    e.edition,
    'states ' || coalesce(CAST(found.n_countries AS VARCHAR), 'none') || ' of ' || CAST(e.n_countries AS VARCHAR)
        || ', scored ' || coalesce(CAST(found.n_scored AS VARCHAR), 'none') || ' of ' || CAST(e.n_scored AS VARCHAR)
        || ', rank of Viet Nam ' || coalesce(CAST(found.vnm_rank AS VARCHAR), 'none') || ', expected ' || CAST(e.vnm_rank AS VARCHAR) AS detail_en,
    'số quốc gia ' || coalesce(CAST(found.n_countries AS VARCHAR), 'không có') || ' trên ' || CAST(e.n_countries AS VARCHAR)
        || ', có điểm ' || coalesce(CAST(found.n_scored AS VARCHAR), 'không có') || ' trên ' || CAST(e.n_scored AS VARCHAR)
        || ', hạng của Việt Nam ' || coalesce(CAST(found.vnm_rank AS VARCHAR), 'không có') || ', phải là ' || CAST(e.vnm_rank AS VARCHAR) AS detail_vi
FROM ref.egdi_edition AS e
LEFT JOIN found ON found.edition = e.edition
WHERE found.edition IS NULL
   OR found.n_countries <> e.n_countries
   OR found.n_scored <> e.n_scored
   OR found.vnm_rank <> e.vnm_rank
ORDER BY e.edition
