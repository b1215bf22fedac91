-- The tables that every project has. Tables of the project itself follow its contracts.
CREATE SCHEMA IF NOT EXISTS meta;    -- what came in and what was made of it
CREATE SCHEMA IF NOT EXISTS stored;  -- rows of all files ever loaded, also superseded ones
CREATE SCHEMA IF NOT EXISTS ref;     -- views: organisations, codes, targets
CREATE SCHEMA IF NOT EXISTS fact;    -- views: what agencies sent
CREATE SCHEMA IF NOT EXISTS published; -- views: for others to read
CREATE SCHEMA IF NOT EXISTS out;     -- what was computed

-- One state of data and definitions: a load that changed something, or definitions that changed.
CREATE TABLE IF NOT EXISTS meta.vintage (
    vintage INTEGER PRIMARY KEY,
    loaded_at VARCHAR NOT NULL,
    finished BOOLEAN NOT NULL,
    period VARCHAR,                  -- the last period computed; null before anything was
    map_on DATE,                     -- the day whose map numbers were restated to
    program VARCHAR NOT NULL,        -- the version of chiso that made it
    forgotten BOOLEAN NOT NULL,      -- what only it needed was dropped: it cannot be rebuilt
    judged_on DATE                   -- the day on which it was judged last who is late
);

-- The definitions of a vintage: each file with its text.
CREATE TABLE IF NOT EXISTS meta.vintage_definition (
    vintage INTEGER NOT NULL,
    path VARCHAR NOT NULL,
    sha256 VARCHAR NOT NULL,
    PRIMARY KEY (vintage, path)
);
CREATE TABLE IF NOT EXISTS meta.definition (
    sha256 VARCHAR PRIMARY KEY,
    text VARCHAR NOT NULL
);

-- Sources that brought nothing when the vintage was reported last, and why.
CREATE TABLE IF NOT EXISTS meta.absence (
    vintage INTEGER NOT NULL,
    source_id VARCHAR NOT NULL,
    message VARCHAR NOT NULL
);

-- One file of one source, once for each content. rows_read = rows_loaded + rows_rejected.
CREATE TABLE IF NOT EXISTS meta.delivery (
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
    outcome VARCHAR NOT NULL,        -- current: its rows were taken in; refused: it could not be read
    stored_table VARCHAR NOT NULL,   -- where its rows are
    first_row BIGINT NOT NULL,       -- row of the file that the first row of data has
    rows_read BIGINT NOT NULL,
    rows_loaded BIGINT NOT NULL,
    rows_rejected BIGINT NOT NULL,
    message VARCHAR,
    kept BOOLEAN NOT NULL            -- no: its rows were dropped with the vintages that needed them
);

-- The same with its state: current, superseded, refused.
CREATE OR REPLACE VIEW meta.file AS
SELECT
    * EXCLUDE (outcome),
    CASE WHEN superseded_in IS NULL THEN outcome ELSE 'superseded' END AS state
FROM meta.delivery;

-- One reason why one row was kept out.
CREATE TABLE IF NOT EXISTS meta.reject (
    file_id INTEGER NOT NULL,
    row_no BIGINT NOT NULL,          -- in the file, headings counted
    column_name VARCHAR NOT NULL,    -- empty: the row as a whole
    value VARCHAR NOT NULL,
    rule VARCHAR NOT NULL
);

-- Which table keeps the rows that came under which columns: a contract that changes them begins another one.
CREATE TABLE IF NOT EXISTS meta.stored_table (
    stored_table VARCHAR PRIMARY KEY,
    table_name VARCHAR NOT NULL,
    columns VARCHAR NOT NULL
);

-- Codes and the organisations that they stand for, day by day without overlap: what `ref.organisation_code` said at the last load.
CREATE TABLE IF NOT EXISTS meta.organisation_span (
    code_system VARCHAR NOT NULL,
    code VARCHAR NOT NULL,
    org_id VARCHAR NOT NULL,
    first_on DATE NOT NULL,
    last_on DATE NOT NULL
);

-- Periods that stand in files, with their days.
CREATE TABLE IF NOT EXISTS meta.period (
    period VARCHAR PRIMARY KEY,
    first_on DATE NOT NULL,
    last_on DATE NOT NULL
);

-- Rows of files in use that do not count, because a later row of the same or another file has their key.
CREATE TABLE IF NOT EXISTS meta.repeated (
    file_id INTEGER NOT NULL,
    last_file_id INTEGER NOT NULL,
    rows_given BIGINT NOT NULL
);

-- The files that the kept rows of a derived table follow from.
CREATE TABLE IF NOT EXISTS meta.kept_file (
    view_name VARCHAR NOT NULL,
    file_id INTEGER NOT NULL
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

-- What rules with a threshold count, for each sender: how many of its rows break the rule, of how many.
CREATE TABLE IF NOT EXISTS meta.check_sender (
    check_id VARCHAR NOT NULL,
    org_id VARCHAR,                  -- null: senders whose code is nobody's
    broken BIGINT NOT NULL,
    base BIGINT NOT NULL,
    is_over BOOLEAN NOT NULL         -- more than the threshold
);

-- Whose numbers of when are marked by rules without a threshold: the bodies and periods of the rows that break them.
CREATE TABLE IF NOT EXISTS meta.check_row (
    check_id VARCHAR NOT NULL,
    org_id VARCHAR NOT NULL,
    period VARCHAR NOT NULL,
    indicator VARCHAR                -- null: all that the rule affects
);

-- What is to be sent for each period, in the order of `quality.yml`.
CREATE TABLE IF NOT EXISTS meta.delivery_rule (
    rule VARCHAR PRIMARY KEY,
    position INTEGER NOT NULL,
    title_vi VARCHAR NOT NULL,
    title_en VARCHAR NOT NULL,
    table_name VARCHAR NOT NULL,
    basis_vi VARCHAR,
    basis_en VARCHAR,
    excepted VARCHAR NOT NULL        -- ids of bodies that it is not asked of, with commas between
);

-- Rows of a file by the body that they are of and their day or period, for what `quality.yml` expects; also of superseded files.
CREATE TABLE IF NOT EXISTS meta.sent (
    rule VARCHAR NOT NULL,
    file_id INTEGER NOT NULL,
    org_id VARCHAR,                  -- null: not known
    first_on DATE,
    last_on DATE,
    rows_loaded BIGINT NOT NULL,
    rows_rejected BIGINT NOT NULL
);

-- Rows of a current file by the sender that they count for.
CREATE TABLE IF NOT EXISTS meta.sender_file (
    rule VARCHAR NOT NULL,
    file_id INTEGER NOT NULL,
    org_id VARCHAR,                  -- null: not known
    rows_loaded BIGINT NOT NULL,
    rows_rejected BIGINT NOT NULL
);

-- What one sender had to send for one period, and what came.
CREATE TABLE IF NOT EXISTS meta.sender_period (
    rule VARCHAR NOT NULL,
    org_id VARCHAR NOT NULL,
    period VARCHAR NOT NULL,
    first_on DATE NOT NULL,
    last_on DATE NOT NULL,
    due_on DATE,                     -- null: not known
    delivered_on DATE,               -- the day on which it was first delivered
    status VARCHAR NOT NULL,         -- on-time, late, untimed, not-reported, awaited
    days_late INTEGER,
    files INTEGER NOT NULL,
    rows_read BIGINT NOT NULL,       -- of this sender in these files
    rows_rejected BIGINT NOT NULL,
    is_shown BOOLEAN NOT NULL        -- one of the periods of the report; earlier ones are needed for marks alone
);

CREATE OR REPLACE VIEW meta.current_file AS
SELECT file_id FROM meta.file WHERE state = 'current';

-- One number of one organisation in one period, with its parts; written anew by each run, which sees to it that no two have
-- the same indicator, organisation, period and breakdown. (An index for that would make each run several times slower.)
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
    source VARCHAR
);

-- Where numbers stand while they are computed, so that those of the last run stay until all new ones are there.
CREATE TABLE IF NOT EXISTS out.next_observation AS FROM out.observation WHERE false;

-- How a number lies among others: those before it, and those of the other bodies of its level. Only numbers that could be judged.
CREATE TABLE IF NOT EXISTS out.outlier (
    indicator VARCHAR NOT NULL,
    org_id VARCHAR NOT NULL,
    period VARCHAR NOT NULL,
    breakdown VARCHAR NOT NULL,
    points INTEGER NOT NULL,         -- numbers before it
    usual DOUBLE,                    -- what they lead one to expect
    score DOUBLE,                    -- how many robust standard deviations it lies off
    peers INTEGER NOT NULL,          -- bodies of its level, itself among them
    peers_usual DOUBLE,
    peers_score DOUBLE,
    verdict VARCHAR NOT NULL         -- usual, high, low, zero
);

-- How far a number can be trusted, and what that follows from. A number without a row has no mark: nothing is known.
CREATE TABLE IF NOT EXISTS out.quality (
    indicator VARCHAR NOT NULL,
    org_id VARCHAR NOT NULL,
    period VARCHAR NOT NULL,
    breakdown VARCHAR NOT NULL,
    mark VARCHAR NOT NULL,           -- A, B, C
    reasons VARCHAR NOT NULL,        -- words, separated by commas
    expected BIGINT,                 -- deliveries behind it; null: nobody knows who had to send
    arrived BIGINT,
    rows_read BIGINT NOT NULL,
    rows_rejected BIGINT NOT NULL,
    checks VARCHAR NOT NULL          -- rules over their threshold, separated by commas
);

-- What every number has been: an observation, the vintage that brought it and the one that took it back.
CREATE TABLE IF NOT EXISTS out.observation_history (
    indicator VARCHAR NOT NULL,
    org_id VARCHAR NOT NULL,
    period VARCHAR NOT NULL,
    breakdown VARCHAR NOT NULL,
    numerator DOUBLE,
    denominator DOUBLE,
    value DOUBLE,
    missing VARCHAR,
    status VARCHAR NOT NULL,
    formula INTEGER NOT NULL,
    source VARCHAR,
    vintage INTEGER NOT NULL,
    superseded_in INTEGER
);

-- Numbers that are withheld by the rules of the project, with their counts. For those inside: no view in `published` and no
-- page shows it. Written anew by each run.
CREATE TABLE IF NOT EXISTS out.withheld (
    indicator VARCHAR NOT NULL,
    org_id VARCHAR NOT NULL,
    period VARCHAR NOT NULL,
    breakdown VARCHAR NOT NULL,
    numerator DOUBLE NOT NULL,
    denominator DOUBLE,
    why VARCHAR NOT NULL,            -- small, complementary, before
    is_known BOOLEAN NOT NULL,       -- an earlier vintage showed the same counts
    is_protected BOOLEAN NOT NULL,   -- no: it follows from what is known, whatever is withheld
    vintage INTEGER NOT NULL
);

-- The same of every vintage, once for the same counts: what was withheld is not shown later with the same counts, for that
-- would give away what it protected then.
CREATE TABLE IF NOT EXISTS out.withheld_history (
    indicator VARCHAR NOT NULL,
    org_id VARCHAR NOT NULL,
    period VARCHAR NOT NULL,
    breakdown VARCHAR NOT NULL,
    numerator DOUBLE NOT NULL,
    denominator DOUBLE,
    vintage INTEGER NOT NULL
);

-- The indicators, in words, as they are defined in the newest vintage.
CREATE TABLE IF NOT EXISTS meta.indicator (
    indicator VARCHAR PRIMARY KEY,
    title_vi VARCHAR NOT NULL,
    title_en VARCHAR NOT NULL,
    unit VARCHAR NOT NULL,
    direction VARCHAR NOT NULL,
    shape VARCHAR NOT NULL,
    decimals INTEGER NOT NULL,
    scale DOUBLE NOT NULL,
    period VARCHAR NOT NULL,
    calendar VARCHAR NOT NULL,
    restate VARCHAR NOT NULL,
    formula INTEGER NOT NULL,
    legal_basis VARCHAR,
    method_vi VARCHAR NOT NULL,
    method_en VARCHAR NOT NULL,
    note_vi VARCHAR,
    note_en VARCHAR
);

-- Days that no series is joined across.
CREATE TABLE IF NOT EXISTS meta.series_break (
    indicator VARCHAR NOT NULL,
    begins_on DATE NOT NULL,
    formula INTEGER,
    why_vi VARCHAR NOT NULL,
    why_en VARCHAR NOT NULL
);

-- What an indicator rests on: tables with a contract, and files of definitions.
CREATE TABLE IF NOT EXISTS meta.indicator_input (
    indicator VARCHAR NOT NULL,
    kind VARCHAR NOT NULL,           -- table, definition
    name VARCHAR NOT NULL
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

-- The parts of the indices, in words, in the order of display.
CREATE TABLE IF NOT EXISTS meta.index_part (
    index_id VARCHAR NOT NULL,
    part VARCHAR NOT NULL,
    title_vi VARCHAR NOT NULL,
    title_en VARCHAR NOT NULL,
    position INTEGER NOT NULL
);

-- The editions of the rules of the indices.
CREATE TABLE IF NOT EXISTS meta.index_edition (
    index_id VARCHAR NOT NULL,
    edition VARCHAR NOT NULL,        -- as it is written: a year or a day
    begins_on DATE NOT NULL,
    formula INTEGER NOT NULL,
    tolerance DOUBLE,                -- how far a score may lie from the published one
    note_vi VARCHAR,
    note_en VARCHAR
);

-- One part of an index of one organisation in one period, scored. Written anew in one piece by each run.
CREATE TABLE IF NOT EXISTS out.index_score (
    index_id VARCHAR NOT NULL,
    period VARCHAR NOT NULL,
    edition VARCHAR NOT NULL,        -- the rules that it was scored by
    among VARCHAR NOT NULL,          -- which bodies it was compared with; empty: all of the period
    org_id VARCHAR NOT NULL,
    part VARCHAR NOT NULL,
    above VARCHAR,                   -- the part that it goes into
    given DOUBLE,                    -- what was given for a part made of others; the part above takes it
    value DOUBLE,                    -- what the rule gives
    missing VARCHAR,                 -- why it gives nothing
    weight DOUBLE,                   -- in the part above: a share of one, or a factor where parts are added
    rank INTEGER,                    -- its place among those that have a score; null where it is the only one
    published DOUBLE,                -- what others printed
    published_rank INTEGER,
    imputed BOOLEAN NOT NULL,        -- the value stands in for one that the body does not have, or is made of such a one
    vintage INTEGER NOT NULL
);

-- What the parts of the indices were scored from: one row per index, period, organisation and part that the query spoke of.
-- Written anew together with the scores.
CREATE TABLE IF NOT EXISTS out.index_input (
    index_id VARCHAR NOT NULL,
    period VARCHAR NOT NULL,
    among VARCHAR NOT NULL,
    org_id VARCHAR NOT NULL,
    part VARCHAR NOT NULL,
    value DOUBLE,                    -- one of: a number,
    numerator DOUBLE,                -- two counts,
    denominator DOUBLE,
    state VARCHAR,                   -- a word,
    missing VARCHAR                  -- or why there is nothing
);

-- Scores against what was published: one row per index, period, part and group of bodies that is compared with one another.
-- What rests on a stand-in for a missing input is counted, and left out of the comparison.
CREATE OR REPLACE VIEW out.index_summary AS
WITH score AS (
    SELECT
        s.*,
        e.tolerance,
        CASE WHEN NOT s.imputed THEN abs(s.value - s.published) END AS difference
    FROM out.index_score AS s
    JOIN meta.index_edition AS e ON e.index_id = s.index_id AND e.edition = s.edition
)
SELECT
    index_id,
    period,
    edition,
    among,
    part,
    tolerance,
    count(*) AS bodies,
    count(value) AS scored,
    count(given) AS given,
    count(*) FILTER (WHERE imputed) AS imputed,
    count(difference) AS compared,
    max(difference) AS greatest,
    avg(difference) AS mean,
    -- One body has no correlation, and neither have several that are alike.
    CASE
        WHEN count(difference) > 2
            AND stddev_pop(value) FILTER (WHERE difference IS NOT NULL) > 0
            AND stddev_pop(published) FILTER (WHERE difference IS NOT NULL) > 0
            THEN corr(value, published) FILTER (WHERE difference IS NOT NULL)
    END AS correlation,
    -- A hair more than the tolerance is the noise of the subtraction.
    count(*) FILTER (WHERE difference > tolerance * (1 + 1e-9)) AS beyond,
    count(*) FILTER (WHERE rank IS NOT NULL AND published_rank IS NOT NULL) AS ranked,
    count(*) FILTER (WHERE rank = published_rank) AS same_rank
FROM score
GROUP BY index_id, period, edition, among, part, tolerance;

-- How a target stands on one body by one indicator, with all that it was judged by. Written anew in one piece by each run.
-- A body of a level for which nothing was observed has no row.
CREATE TABLE IF NOT EXISTS out.target_progress (
    row_no INTEGER NOT NULL,         -- from 0
    target_id VARCHAR NOT NULL,
    org_id VARCHAR,                  -- null: no body stands for the level
    indicator VARCHAR,               -- null: no indicator answers it
    status VARCHAR NOT NULL,
    decides BOOLEAN NOT NULL,        -- this is the status of the target on the body: the worst of those that answer it
    due_is_over BOOLEAN NOT NULL,    -- the due day lies before the end of the period that was computed
    period VARCHAR,                  -- of the value that decides
    value DOUBLE,
    scale VARCHAR NOT NULL,          -- linear, log, yes-no
    n_values INTEGER NOT NULL,       -- of its length of time, up to it
    n_points INTEGER NOT NULL,       -- those that can be compared with it
    n_restated INTEGER NOT NULL,     -- those of them that were restated to the map
    baseline_period VARCHAR,         -- where the path begins
    baseline DOUBLE,
    start_period VARCHAR,            -- where the pace is measured from
    start_value DOUBLE,
    path DOUBLE,                     -- where the path stands at the end of the period
    way_done DOUBLE,                 -- of the way that the path asks for by then
    pace_seen DOUBLE,                -- a year, on the scale
    pace_needed DOUBLE,
    pace_times DOUBLE,               -- needed over seen
    arrives_on DATE,                 -- at the pace seen
    extra_units DOUBLE,              -- missing in a period like the last
    extra_per_period DOUBLE,
    probability DOUBLE,
    expected DOUBLE,                 -- on the due day
    low DOUBLE,                      -- of the 90 % interval
    high DOUBLE,
    forecast_scale VARCHAR,          -- linear, log, logit
    vintage INTEGER NOT NULL
);

-- How every target has stood on each body: a status with the value that decided, the vintage that brought it and the one
-- that took it back.
CREATE TABLE IF NOT EXISTS out.target_history (
    target_id VARCHAR NOT NULL,
    org_id VARCHAR,                  -- null: no body stands for the level
    indicator VARCHAR,
    status VARCHAR NOT NULL,
    period VARCHAR,
    value DOUBLE,
    vintage INTEGER NOT NULL,
    superseded_in INTEGER
);

-- What the published methods give for a row of target_progress.
CREATE TABLE IF NOT EXISTS out.target_method (
    row_no INTEGER NOT NULL,
    position INTEGER NOT NULL,
    method VARCHAR NOT NULL,
    value DOUBLE NOT NULL,
    projected DOUBLE,                -- on the due day
    verdict VARCHAR NOT NULL,        -- on-track, too-slow, away
    counted BOOLEAN NOT NULL         -- in the agreement
);

-- The bodies that hold the gap of a row of target_progress, the one with the most units missing first.
CREATE TABLE IF NOT EXISTS out.target_holder (
    row_no INTEGER NOT NULL,
    position INTEGER NOT NULL,
    part_org_id VARCHAR,             -- null: what the bodies together do not have
    numerator DOUBLE NOT NULL,
    denominator DOUBLE NOT NULL,
    gap DOUBLE NOT NULL,             -- its part of target less value; all parts add up to it
    by_rate DOUBLE NOT NULL,         -- were all bodies of one size
    by_size DOUBLE NOT NULL,         -- what its size adds or takes
    units DOUBLE NOT NULL            -- missing to reach the target itself
);
