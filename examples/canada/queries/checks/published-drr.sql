-- title: Departmental results indicators agree with the published table
-- severity: error
-- table: fact.published_drr
-- Each row is a cell of the publisher's drr_all for 2023-2024 that our computation does not reproduce.
SELECT row_key, measure, published, computed,
    'published ' || published || ', computed ' || computed AS detail
FROM fact.cell_difference
WHERE published_table = 'drr_all'
ORDER BY row_key, measure
