-- What the synthetic nation is made of: who sends, its units, its services, its calendar, and how many dossiers each file holds.
-- Needs the variables dossiers, seed and until; reads the lists of the project under data/vietnam.
CREATE SCHEMA demo;

-- A whole number from 0 up to n, drawn from 16 bits of a hash.
CREATE MACRO draw(h, shift, n) AS CAST(((h >> shift) & 65535) * CAST(n AS UBIGINT) >> 16 AS INTEGER);
-- A share as a number out of 65,536: worked out once for many draws. Whether one of so many chances strikes, by 16 bits of a hash.
CREATE MACRO chances(share) AS CAST(65536 * share AS UBIGINT);
CREATE MACRO strikes(h, shift, n) AS ((h >> shift) & 65535) < n;
-- Whether something of this share happens.
CREATE MACRO happens(h, shift, share) AS strikes(h, shift, chances(share));

-- A moment, given in seconds, in the form of the classic service or of the adapter.
CREATE MACRO written(seconds, is_classic) AS moment_text(CAST(seconds AS BIGINT), is_classic);

-- The code of the dossier of number `i` in its delivery. Copies, and nothing else, have codes that do not begin with their agency.
CREATE MACRO dossier_code(is_copy, h, form, unit_code, unit_old_form, short_day, long_day, i) AS CASE
    WHEN is_copy THEN concat('DVC-', upper(to_hex(hash(h, 5))))
    -- Four digits or more: lpad() would cut those of the ten thousandth, and two dossiers would be one.
    WHEN form = 2 THEN concat(unit_code, long_day, printf('%07d', i + 1))
    ELSE concat(CASE form WHEN 0 THEN unit_old_form ELSE unit_code END, short_day, printf('%04d', i + 1))
END;

CREATE TABLE demo.rate AS
SELECT rate, scope, CAST(since AS DATE) AS since, CAST(value AS DOUBLE) AS value
FROM read_csv(getvariable('project') || '/data/vietnam/demo/rates.csv', all_varchar = true);
CREATE MACRO rate_on(wanted, day) AS (
    SELECT arg_max(value, coalesce(since, DATE '0001-01-01'))
    FROM demo.rate
    WHERE rate = wanted AND coalesce(since, DATE '0001-01-01') <= day
);
CREATE MACRO rate_of(wanted, body) AS (SELECT max(value) FROM demo.rate WHERE rate = wanted AND scope = body);

CREATE TABLE demo.defect AS
SELECT defect, CAST(rate AS DOUBLE) AS rate
FROM read_csv(getvariable('project') || '/data/vietnam/demo/defects.csv', all_varchar = true);
CREATE MACRO defect_rate(wanted) AS (SELECT max(rate) FROM demo.defect WHERE defect = wanted);
CREATE TABLE demo.defect_sender AS
SELECT defect, sender FROM read_csv(getvariable('project') || '/data/vietnam/demo/defect_senders.csv', all_varchar = true);

CREATE TABLE demo.province AS
SELECT id_code, gso_code, successor_gso_code, valid_from, valid_to, CAST(population AS DOUBLE) AS people
FROM read_csv(getvariable('project') || '/data/vietnam/provinces.csv', all_varchar = true);

-- Ministries and provinces over the days on which they sent, each with its part in all dossiers. A province that ended has the
-- people of its successor by its part of the communes.
CREATE TABLE demo.sender AS
WITH commune AS (
    SELECT province_gso_code, count(*) AS communes
    FROM read_csv(getvariable('project') || '/data/vietnam/communes_legacy.csv', all_varchar = true)
    GROUP BY province_gso_code
),
ended AS (
    SELECT code, bool_and(valid_to IS NOT NULL) AS has_ended
    FROM read_csv(getvariable('project') || '/data/vietnam/agencies.csv', all_varchar = true)
    WHERE level = 'ministry'
    GROUP BY code
),
body AS (
    SELECT
        'province' AS kind,
        old.id_code AS code,
        old.gso_code,
        DATE '0001-01-01' AS first_on,
        DATE '2025-06-30' AS last_on,
        new.people * communes / sum(communes) OVER (PARTITION BY new.gso_code) AS weight
    FROM demo.province AS old
    JOIN demo.province AS new ON new.gso_code = old.successor_gso_code AND new.valid_to IS NULL
    JOIN commune ON commune.province_gso_code = old.gso_code
    WHERE old.valid_from IS NULL
    UNION ALL
    SELECT 'province', id_code, gso_code, DATE '2025-07-01', DATE '9999-12-31', people
    FROM demo.province
    WHERE valid_to IS NULL
    UNION ALL
    SELECT
        'ministry',
        m.code,
        NULL,
        CASE WHEN m.code_status = 'list' THEN DATE '0001-01-01' ELSE DATE '2025-03-01' END,
        CASE WHEN ended.has_ended THEN DATE '2025-02-28' ELSE DATE '9999-12-31' END,
        CAST(m.weight AS DOUBLE)
    FROM read_csv(getvariable('project') || '/data/vietnam/demo/ministries.csv', all_varchar = true) AS m
    LEFT JOIN ended ON ended.code = m.code
)
SELECT
    CAST(row_number() OVER (ORDER BY kind, code, first_on) AS INTEGER) AS sender_no,
    *,
    hash(code, getvariable('seed')) AS h
FROM body;

-- Where dossiers are handled: communes; departments, before July 2025 districts among them; a ministry is its own unit.
-- The identifier codes of the units of one province are known; those of the others are made up in the same form.
CREATE TABLE demo.unit AS
WITH known AS (
    SELECT agency_code, level, gso_commune_code, name_vi, name_en
    FROM read_csv(getvariable('project') || '/data/vietnam/agency_units.csv', all_varchar = true)
),
district AS (
    SELECT *, 20 + row_number() OVER (PARTITION BY province_gso_code ORDER BY district_code) AS n
    FROM read_csv(getvariable('project') || '/data/vietnam/districts_legacy.csv', all_varchar = true)
),
unit AS (
    SELECT
        sender_no,
        'commune' AS kind,
        commune_code AS gso_code,
        c.name_vi,
        NULL AS name_en,
        coalesce(
            known.agency_code,
            s.code || '.' || CAST(99 + row_number() OVER (PARTITION BY sender_no ORDER BY commune_code) AS VARCHAR)
        ) AS code,
        NULL AS old_form
    FROM demo.sender AS s
    JOIN read_csv(getvariable('project') || '/data/vietnam/communes_2025.csv', all_varchar = true) AS c ON c.province_gso_code = s.gso_code
    LEFT JOIN known ON known.gso_commune_code = c.commune_code
    WHERE s.first_on = DATE '2025-07-01'
    UNION ALL
    SELECT
        sender_no,
        'commune',
        commune_code,
        c.name_vi,
        NULL,
        printf('%s.%02d.%02d', s.code, district.n, row_number() OVER in_district),
        printf('%03d.%02d.00.%s', row_number() OVER in_district, district.n, s.code)
    FROM demo.sender AS s
    JOIN district ON district.province_gso_code = s.gso_code
    JOIN read_csv(getvariable('project') || '/data/vietnam/communes_legacy.csv', all_varchar = true) AS c ON c.district_code = district.district_code
    WHERE s.last_on = DATE '2025-06-30'
    WINDOW in_district AS (PARTITION BY sender_no, district.n ORDER BY commune_code)
    UNION ALL
    SELECT
        sender_no,
        'department',
        district_code,
        district.name_vi,
        NULL,
        printf('%s.%02d', s.code, n),
        printf('000.%02d.00.%s', n, s.code)
    FROM demo.sender AS s
    JOIN district ON district.province_gso_code = s.gso_code
    WHERE s.last_on = DATE '2025-06-30'
    UNION ALL
    SELECT sender_no, 'department', NULL, known.name_vi, known.name_en, replace(agency_code, 'H44', s.code), NULL
    FROM demo.sender AS s
    CROSS JOIN known
    WHERE s.kind = 'province'
      AND known.level = 'province-unit'
    UNION ALL
    SELECT sender_no, 'department', NULL, NULL, NULL, code, '000.00.00.' || code
    FROM demo.sender
    WHERE kind = 'ministry'
)
SELECT
    CAST(row_number() OVER (ORDER BY sender_no, kind, code) AS INTEGER) AS unit_no,
    sender_no,
    kind,
    gso_code,
    name_vi,
    name_en,
    code,
    coalesce(old_form, '000.00.' || split_part(code, '.', 2) || '.' || split_part(code, '.', 1)) AS old_form
FROM unit;

-- Services: one row per service, some used by very many, most by few.
CREATE TABLE demo.service AS
WITH kind AS (
    SELECT *
    FROM (VALUES ('commune', 300), ('department', 900), ('ministry', 400)) AS kind (kind, services)
),
field AS (
    SELECT
        kind,
        field_code,
        name_vi,
        sum(CAST(share AS DOUBLE)) OVER (PARTITION BY kind ORDER BY field_code) AS upper_share,
        sum(CAST(share AS DOUBLE)) OVER (PARTITION BY kind ORDER BY field_code) - CAST(share AS DOUBLE) AS lower_share
    FROM read_csv(getvariable('project') || '/data/vietnam/demo/fields.csv', all_varchar = true)
),
ranked AS (
    SELECT kind, unnest(range(services)) AS rank
    FROM kind
),
service AS (
    SELECT
        kind,
        rank,
        CAST(row_number() OVER (ORDER BY kind, rank) AS INTEGER) AS service_no,
        hash(kind, rank, getvariable('seed')) AS h
    FROM ranked
)
SELECT
    service_no,
    service.kind,
    rank,
    -- Of 1,601 procedures 390 were provided full-process, 701 partly and 510 not online.
    CASE WHEN rank % 41 < 10 THEN 'full' WHEN rank % 41 < 28 THEN 'partial' ELSE 'none' END AS level,
    printf('9.%06d', service_no) AS code,
    printf('Thủ tục mô phỏng số %04d', service_no) AS name_vi,
    field.field_code,
    field.name_vi AS field_vi,
    1 + draw(h, 0, CASE service.kind WHEN 'commune' THEN 5 WHEN 'department' THEN 20 ELSE 10 END) AS working_days,
    CASE WHEN happens(h, 16, rate_on('fee', getvariable('until'))) THEN 5000 * (1 + draw(h, 32, 40)) ELSE 0 END AS fee,
    h
FROM service
JOIN field
    ON field.kind = service.kind
    AND ((h >> 48) & 65535) / 65536 >= lower_share
    AND ((h >> 48) & 65535) / 65536 < upper_share + 0.000001;

-- Which service a draw of 4,096 gives: by the rates of the sender for each level of service, within a level by rank.
CREATE TABLE demo.service_slot AS
WITH share AS (
    SELECT
        kind,
        level,
        CASE level
            WHEN 'full' THEN rate_of('full', scope)
            WHEN 'none' THEN rate_of('none', scope)
            ELSE 1 - rate_of('full', scope) - rate_of('none', scope)
        END AS share
    FROM (SELECT DISTINCT kind, level, CASE kind WHEN 'ministry' THEN kind ELSE 'province' END AS scope FROM demo.service)
),
weighed AS (
    SELECT
        kind,
        service_no,
        sum(part) OVER (PARTITION BY kind ORDER BY level, rank) AS upper_share,
        part
    FROM (
        SELECT
            s.kind,
            s.level,
            s.rank,
            s.service_no,
            share.share * (1 / (3 + s.rank)) / sum(1 / (3 + s.rank)) OVER (PARTITION BY s.kind, s.level) AS part
        FROM demo.service AS s
        JOIN share ON share.kind = s.kind AND share.level = s.level
    )
),
edge AS (
    SELECT
        kind,
        service_no,
        CAST(round(65536 * (upper_share - part)) AS INTEGER) AS first_slot,
        CAST(round(65536 * upper_share) AS INTEGER) AS end_slot
    FROM weighed
)
SELECT
    CAST(CASE kind WHEN 'commune' THEN 0 WHEN 'department' THEN 65536 ELSE 131072 END + slot AS INTEGER) AS slot,
    service_no
FROM (SELECT kind, service_no, unnest(range(first_slot, end_slot)) AS slot FROM edge);

-- Which day of its month a draw of 256 gives: working days, a few Saturdays, no holiday.
CREATE TABLE demo.month AS
SELECT
    CAST(row_number() OVER (ORDER BY month) - 1 AS INTEGER) AS month_no,
    CAST(month AS DATE) AS first_on,
    least(last_day(CAST(month AS DATE)), getvariable('until')) AS last_on
FROM (
    SELECT unnest(generate_series(
        CAST(date_trunc('year', getvariable('until')) - INTERVAL 1 YEAR AS TIMESTAMP),
        CAST(getvariable('until') AS TIMESTAMP),
        INTERVAL 1 MONTH
    )) AS month
);
CREATE TABLE demo.day_slot AS
WITH holiday AS (
    SELECT CAST(date AS DATE) AS day, kind
    FROM read_csv(getvariable('project') || '/data/vietnam/holidays_*.csv', all_varchar = true)
),
day AS (
    SELECT month_no, CAST(unnest(generate_series(first_on, last_on, INTERVAL 1 DAY)) AS DATE) AS day
    FROM demo.month
),
weighed AS (
    SELECT
        month_no,
        day.day,
        CASE
            WHEN holiday.kind = 'working' THEN 1
            WHEN holiday.kind = 'holiday' OR isodow(day.day) = 7 THEN 0.001
            WHEN isodow(day.day) = 6 THEN 0.15
            ELSE 1
        END AS weight
    FROM day
    LEFT JOIN holiday ON holiday.day = day.day
),
edge AS (
    SELECT
        month_no,
        day,
        CAST(round(256 * (sum(weight) OVER days - weight) / sum(weight) OVER month) AS INTEGER) AS first_slot,
        CAST(round(256 * sum(weight) OVER days / sum(weight) OVER month) AS INTEGER) AS end_slot
    FROM weighed
    WINDOW days AS (PARTITION BY month_no ORDER BY day), month AS (PARTITION BY month_no)
)
SELECT
    CAST(256 * month_no + slot AS INTEGER) AS slot,
    CAST(epoch(day) AS BIGINT) AS day_starts,
    strftime(day, '-%y%m%d-') AS short_form,
    strftime(day, '-%Y%m%d-') AS long_form
FROM (SELECT month_no, day, unnest(range(first_slot, end_slot)) AS slot FROM edge);

-- One delivery per sender and month, with all that its dossiers have in common.
CREATE TABLE demo.delivery AS
WITH season AS (
    SELECT CAST(month AS INTEGER) AS month, CAST(weight AS DOUBLE) AS weight
    FROM read_csv(getvariable('project') || '/data/vietnam/demo/seasons.csv', all_varchar = true)
),
format AS (
    SELECT sender, format FROM read_csv(getvariable('project') || '/data/vietnam/demo/formats.csv', all_varchar = true, header = true)
),
sent AS (
    SELECT
        s.sender_no,
        s.kind,
        s.code,
        s.h,
        m.month_no,
        m.first_on,
        s.weight
            / sum(s.weight) OVER (PARTITION BY m.month_no, s.kind)
            * CASE s.kind WHEN 'ministry' THEN rate_on('ministry_share', m.first_on) ELSE 1 - rate_on('ministry_share', m.first_on) END
            * season.weight
            * power(1 + rate_on('growth', m.first_on), m.month_no / 12)
            * (date_diff('day', m.first_on, m.last_on) + 1) AS weight
    FROM demo.month AS m
    JOIN demo.sender AS s ON m.first_on BETWEEN s.first_on AND s.last_on
    JOIN season ON season.month = month(m.first_on)
),
-- Whole dossiers that add up to those wanted.
counted AS (
    SELECT
        *,
        CAST(floor(getvariable('dossiers') * sum(weight) OVER so_far / sum(weight) OVER () + 0.000001) AS BIGINT) AS end_row
    FROM sent
    WINDOW so_far AS (ORDER BY month_no, kind, code)
),
numbered AS (
    SELECT *, end_row - lag(end_row, 1, 0) OVER (ORDER BY month_no, kind, code) AS n_rows
    FROM counted
),
units AS (
    SELECT
        sender_no,
        min(unit_no) FILTER (WHERE kind = 'commune') AS first_commune,
        count(*) FILTER (WHERE kind = 'commune') AS communes,
        min(unit_no) FILTER (WHERE kind = 'department') AS first_department,
        count(*) FILTER (WHERE kind = 'department') AS departments
    FROM demo.unit
    GROUP BY sender_no
)
SELECT
    CAST(row_number() OVER (ORDER BY d.month_no, d.kind, d.code) AS INTEGER) AS delivery,
    d.n_rows,
    d.month_no,
    d.kind,
    d.code AS sender,
    strftime(d.first_on, '%Y-%m') AS month,
    coalesce(format.format, 'csv') AS format,
    -- The classic service writes moments without marks; so do two senders of three.
    d.h % 3 > 0 AS is_classic,
    -- Dossier codes: 0 agency-yymmdd-number under the old form of the agency, 1 the same under the new form, 2 agency-yyyymmdd-number.
    CASE WHEN d.h % 3 = 0 THEN 2 WHEN (d.h >> 8) % 2 = 0 THEN 0 ELSE 1 END AS code_form,
    chances(rate_on('old_code_form', d.first_on)) AS old_code_form,
    chances(rate_on('online', d.first_on)) AS online,
    chances(rate_on('late', d.first_on) * (0.5 + (d.h >> 20) % 1000 / 1000)) AS late,
    chances(rate_on('paid_online', d.first_on)) AS paid_online,
    chances(rate_on('electronic_result', d.first_on)) AS electronic_result,
    chances(rate_on('digitised', d.first_on)) AS digitised,
    chances(rate_on('reused', d.first_on)) AS reused,
    chances(rate_on('population_data', d.first_on)) AS population_data,
    chances(rate_on('verified', d.first_on)) AS verified,
    CASE d.kind WHEN 'ministry' THEN 0 ELSE chances(rate_of('commune', 'province')) END AS commune_share,
    chances(defect_rate('waiting-sent-as-finished')) AS waiting_sent_as_finished,
    chances(defect_rate('code-made-again')) AS code_made_again,
    chances(defect_rate('made-up-identity')) AS made_up_identity,
    chances(defect_rate('paper-sent-as-result')) AS paper_sent_as_result,
    chances(defect_rate('finished-without-due-day')) AS finished_without_due_day,
    units.first_commune,
    units.communes,
    units.first_department,
    units.departments,
    EXISTS (SELECT 1 FROM demo.defect_sender AS f WHERE f.sender = d.code AND f.defect = 'submitted-is-received') AS is_submitted_received,
    EXISTS (SELECT 1 FROM demo.defect_sender AS f WHERE f.sender = d.code AND f.defect = 'account-flag-fixed') AS is_account_fixed,
    EXISTS (SELECT 1 FROM demo.defect_sender AS f WHERE f.sender = d.code AND f.defect = 'all-papers-digitised') AS is_all_digitised,
    EXISTS (SELECT 1 FROM demo.defect_sender AS f WHERE f.sender = d.code AND f.defect = 'cash-sent-as-paid-online') AS is_cash_online
FROM numbered AS d
JOIN units ON units.sender_no = d.sender_no
LEFT JOIN format ON format.sender = d.code
WHERE d.n_rows > 0;

CREATE VIEW demo.register_sender AS
SELECT s.*
FROM demo.sender AS s
ANTI JOIN (
    SELECT code
    FROM read_csv(getvariable('project') || '/data/vietnam/demo/ministries.csv', all_varchar = true)
    WHERE code_status <> 'list'
) AS made_up ON made_up.code = s.code;

-- The quarters that are over, and each sender in each of them: how large it is, and what its dossiers are.
CREATE TABLE demo.quarter AS
SELECT
    strftime(first_on, '%Y') || '-Q' || CAST(quarter(first_on) AS VARCHAR) AS quarter,
    CAST(row_number() OVER (ORDER BY first_on) - 1 AS INTEGER) AS quarter_no,
    first_on,
    last_day(CAST(first_on + INTERVAL 2 MONTH AS DATE)) AS last_on
FROM (SELECT DISTINCT CAST(date_trunc('quarter', first_on) AS DATE) AS first_on FROM demo.month)
WHERE last_day(CAST(first_on + INTERVAL 2 MONTH AS DATE)) <= getvariable('until');
CREATE TABLE demo.body_quarter AS
SELECT
    s.sender_no,
    s.kind,
    s.code,
    q.quarter,
    q.quarter_no,
    q.first_on,
    q.last_on,
    hash(s.code, q.quarter, getvariable('seed')) AS h,
    -- The scale of its forms and files: what a body of its kind has a quarter, by its part of all.
    200 + CAST(60000 * s.weight / sum(s.weight) OVER (PARTITION BY q.quarter, s.kind) AS BIGINT) AS size,
    coalesce(d.dossiers, 0) AS dossiers,
    rate_on('online', q.first_on) AS online,
    rate_on('late', q.first_on) AS late
FROM demo.quarter AS q
-- Registers are sent by those whose code is known: that of two new ministries was not found.
JOIN demo.register_sender AS s ON q.last_on BETWEEN s.first_on AND s.last_on
LEFT JOIN (
    SELECT sender, date_trunc('quarter', CAST(month || '-01' AS DATE)) AS first_on, sum(n_rows) AS dossiers
    FROM demo.delivery
    GROUP BY ALL
) AS d ON d.sender = s.code AND d.first_on = q.first_on;

-- Every file: which delivery it tells of, by which query of `files`, where it lies and how it is written.
CREATE TABLE demo.file AS
SELECT delivery, 'dossiers' AS query, printf('inbox/dossiers/SYNTHETIC/dossiers_%s_%s.%s', sender, month, format) AS path, format
FROM demo.delivery
UNION ALL
SELECT delivery, 'steps', printf('inbox/dossier-steps/SYNTHETIC/steps_%s_%s.csv', sender, month), 'csv'
FROM demo.delivery
UNION ALL
SELECT NULL, 'units', 'inbox/SYNTHETIC_agency_units.csv', 'csv'
UNION ALL
SELECT NULL, query, printf('inbox/%s/SYNTHETIC/%s.csv', folder, query), 'csv'
FROM (VALUES
    ('catalogue', 'procedure_level'),
    ('procedure_times', 'procedure-times'),
    ('named_services', 'named_service'),
    ('satisfaction', 'satisfaction'),
    ('survey_figures', 'survey_figure'),
    ('petitions', 'petition'),
    ('inspections', 'inspection'),
    ('work_files', 'work_file'),
    ('national_databases', 'national_database'),
    ('portal_accounts', 'portal_account'),
    ('results_in_force', 'result_stock'),
    ('procedure_cuts', 'procedure_cut'),
    ('digitisation', 'digitisation'),
    ('agency_states', 'agency_state'),
    ('forms', 'report-forms')
) AS register (query, folder);

-- The rows of `dossiers.sql` are many, though a plan takes them for few: joins stay as they are written, the lists on their right.
SET disabled_optimizers = 'join_order,build_side_probe_side';
