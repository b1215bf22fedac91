-- title: Applications by channel agree with the published table
-- severity: error
-- table: fact.published_service_volume
-- Each row is a cell of the publisher's si_vol for 2023-2024 that our computation does not reproduce.
SELECT row_key, measure, published, computed,
    'published ' || published || ', computed ' || computed AS detail
FROM fact.cell_difference
WHERE published_table = 'si_vol'
ORDER BY row_key, measure
