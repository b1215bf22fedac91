-- Maps of tiles: one row per body on the map of a span of days, with its short name and its place on the map.
-- A map is what is valid over the same days; a province that did not change lies on both.
SELECT
    body.org_id,
    tile.name_vi,
    tile.name_en,
    tile.letters,
    tile.column_no,
    tile.row_no,
    tile.valid_from,
    tile.valid_to
FROM ref.province_tile AS tile
JOIN ref.agency_body AS body
    ON body.code = tile.id_code
    AND body.level = 'province'
    AND coalesce(body.valid_from, DATE '0001-01-01') <= coalesce(tile.valid_to, DATE '9999-12-31')
    AND coalesce(body.valid_to, DATE '9999-12-31') >= coalesce(tile.valid_to, DATE '9999-12-31')
