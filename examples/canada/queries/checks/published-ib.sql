-- title: Information brief agrees with the published table
-- severity: error
-- table: fact.published_ib
-- Each row is a cell of the publisher's ib_all for 2023-2024 that our computation does not reproduce.
SELECT row_key, measure, published, computed,
    'published ' || published || ', computed ' || computed AS detail
FROM fact.cell_difference
WHERE published_table = 'ib_all'
ORDER BY row_key, measure
