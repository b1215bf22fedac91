-- title: Data pack agrees with the published table
-- severity: error
-- table: fact.published_datapack
-- Each row is a cell of the publisher's dp_metrics for 2023-2024 that our computation does not reproduce.
SELECT row_key, measure, published, computed,
    'published ' || published || ', computed ' || computed AS detail
FROM fact.cell_difference
WHERE published_table = 'dp_metrics'
ORDER BY row_key, measure
