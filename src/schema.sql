-- The tables that every project has. Tables of the project itself follow its contracts.
CREATE SCHEMA IF NOT EXISTS meta;    -- what came in and what was made of it
CREATE SCHEMA IF NOT EXISTS stored;  -- rows of all files ever loaded, also superseded ones
CREATE SCHEMA IF NOT EXISTS ref;     -- views: organisations, codes, targets
CREATE SCHEMA IF NOT EXISTS fact;    -- views: what agencies sent
CREATE SCHEMA IF NOT EXISTS published; -- views: for others to read
CREATE SCHEMA IF NOT EXISTS out;     -- what was computed

-- One load that changed something.
CREATE TABLE IF NOT EXISTS meta.vintage (
    vintage INTEGER PRIMARY KEY,
    loaded_at VARCHAR NOT NULL,
    finished BOOLEAN NOT NULL
);

-- One file of one source, once for each content. rows_read = rows_loaded + rows_rejected.
CREATE TABLE IF NOT EXISTS meta.file (
    file_id INTEGER PRIMARY KEY,
    source_id VARCHAR NOT NULL,
    table_name VARCHAR NOT NULL,
    slot VARCHAR NOT NULL,
    path VARCHAR NOT NULL,
    stored VARCHAR NOT NULL,
    size BIGINT NOT NULL,
    sha256 VARCHAR NOT NULL,
    fingerprint VARCHAR NOT NULL,
    vintage INTEGER NOT NULL,
    superseded_in INTEGER,
    state VARCHAR NOT NULL,          -- current, superseded, refused
    first_row BIGINT NOT NULL,       -- row of the file that the first row of data has
    rows_read BIGINT NOT NULL,
    rows_loaded BIGINT NOT NULL,
    rows_rejected BIGINT NOT NULL,
    message VARCHAR
);

-- One reason why one row was kept out.
CREATE TABLE IF NOT EXISTS meta.reject (
    file_id INTEGER NOT NULL,
    row_no BIGINT NOT NULL,          -- in the file, headings counted
    column_name VARCHAR NOT NULL,    -- empty: the row as a whole
    value VARCHAR NOT NULL,
    rule VARCHAR NOT NULL
);

-- Which columns each stored table has, to see when a contract changed them.
CREATE TABLE IF NOT EXISTS meta.stored_table (
    table_name VARCHAR PRIMARY KEY,
    columns VARCHAR NOT NULL
);

-- Marks of work that need not be done again.
CREATE TABLE IF NOT EXISTS meta.done (
    work VARCHAR PRIMARY KEY,
    fingerprint VARCHAR NOT NULL
);

CREATE TABLE IF NOT EXISTS meta.check_result (
    check_id VARCHAR PRIMARY KEY,
    title_vi VARCHAR NOT NULL,
    title_en VARCHAR NOT NULL,
    severity VARCHAR NOT NULL,
    broken BIGINT NOT NULL,
    columns VARCHAR NOT NULL,        -- JSON array
    rows VARCHAR NOT NULL            -- JSON array of arrays, the first rows only
);

CREATE OR REPLACE VIEW meta.current_file AS
SELECT file_id FROM meta.file WHERE state = 'current';

-- One number of one organisation in one period, with its parts.
CREATE TABLE IF NOT EXISTS out.observation (
    indicator VARCHAR NOT NULL,
    org_id VARCHAR NOT NULL,
    period VARCHAR NOT NULL,
    breakdown VARCHAR NOT NULL,      -- empty: the total
    numerator DOUBLE,
    denominator DOUBLE,
    value DOUBLE,
    missing VARCHAR,                 -- why there is no value
    status VARCHAR NOT NULL,         -- SDMX OBS_STATUS
    formula INTEGER NOT NULL,
    vintage INTEGER NOT NULL,
    source VARCHAR,
    PRIMARY KEY (indicator, org_id, period, breakdown)
);

-- Numbers as they would be had the map of one day always been there: only those that differ from what was reported.
-- Written anew in one piece by each run, so that no index is needed to keep them unique.
CREATE TABLE IF NOT EXISTS out.restated (
    indicator VARCHAR NOT NULL,
    map_on DATE NOT NULL,
    org_id VARCHAR NOT NULL,         -- a body of that day
    period VARCHAR NOT NULL,
    at_end BOOLEAN NOT NULL,         -- of a stock: only the last day of the period counts
    breakdown VARCHAR NOT NULL,
    numerator DOUBLE,
    denominator DOUBLE,
    value DOUBLE,
    missing VARCHAR,
    mark VARCHAR NOT NULL,           -- exact, estimated, broken, incomplete
    parts INTEGER NOT NULL,          -- bodies whose numbers are known
    parts_expected INTEGER NOT NULL, -- bodies that stood in its place during the period
    status VARCHAR NOT NULL,         -- SDMX OBS_STATUS
    formula INTEGER                  -- null: the parts follow different versions
);

-- The bodies that stood in the place of a body of the map during a period.
CREATE TABLE IF NOT EXISTS out.restated_part (
    org_id VARCHAR NOT NULL,
    period VARCHAR NOT NULL,
    at_end BOOLEAN NOT NULL,         -- as in restated
    part_org_id VARCHAR NOT NULL,
    share DOUBLE                     -- of its counts; null: not known
);

-- The first and the last day of every period that has a number.
CREATE TABLE IF NOT EXISTS out.period (
    period VARCHAR PRIMARY KEY,
    first_day DATE NOT NULL,
    last_day DATE NOT NULL
);

-- All numbers in one table. As reported: `view` is `reported`. On the map of a day: the rows of `restated`; a body without
-- one for an indicator and period is the same on the map as it was reported.
CREATE OR REPLACE VIEW out.series AS
SELECT
    'reported' AS view, CAST(NULL AS DATE) AS map_on, indicator, org_id, period, breakdown, numerator, denominator, value,
    missing, CAST(NULL AS VARCHAR) AS mark, CAST(NULL AS INTEGER) AS parts, CAST(NULL AS INTEGER) AS parts_expected,
    status, formula
FROM out.observation
UNION ALL
SELECT
    'restated', map_on, indicator, org_id, period, breakdown, numerator, denominator, value,
    missing, mark, parts, parts_expected, status, formula
FROM out.restated;
