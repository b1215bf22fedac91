-- Every cell of 2023-2024 where the publisher's table and our computation differ: missing on one side, another text,
-- another count, or a share further apart than one part in a thousand million.
WITH pair AS (
    SELECT
        published_table,
        row_key,
        measure,
        published.measure IS NULL AS is_not_published,
        computed.measure IS NULL AS is_not_computed,
        published.number AS published_number,
        computed.number AS computed_number,
        published.text AS published_text,
        computed.text AS computed_text,
        regexp_matches(measure, '(_score|_percentage|_pc)$') AS is_share
    FROM fact.published_cell AS published
    FULL JOIN fact.computed_cell AS computed USING (published_table, row_key, measure)
)
SELECT
    published_table,
    row_key,
    measure,
    CASE
        WHEN is_not_published THEN 'not published'
        ELSE coalesce(CAST(published_number AS VARCHAR), published_text, 'blank')
    END AS published,
    CASE
        WHEN is_not_computed THEN 'not computed'
        ELSE coalesce(CAST(computed_number AS VARCHAR), computed_text, 'blank')
    END AS computed
FROM pair
WHERE is_not_published
   OR is_not_computed
   OR published_text IS DISTINCT FROM computed_text
   OR (published_number IS NULL) <> (computed_number IS NULL)
   OR (NOT is_share AND published_number <> computed_number)
   OR (is_share AND abs(published_number - computed_number) > 1e-9 * abs(published_number))
