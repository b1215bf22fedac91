-- title: Timeliness volumes agree with the published table
-- severity: error
-- table: fact.published_timeliness_volume
-- Each row is a cell of the publisher's ss_tml_perf_vol for 2023-2024 that our computation does not reproduce.
SELECT row_key, measure, published, computed,
    'published ' || published || ', computed ' || computed AS detail
FROM fact.cell_difference
WHERE published_table = 'ss_tml_perf_vol'
ORDER BY row_key, measure
