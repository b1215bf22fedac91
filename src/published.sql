-- The contract with statisticians: views that keep their names and columns.
-- Each begins with a head that says what one row is and what each column holds; the data dictionary is made from these heads.

-- view: published.observation
-- about: One number of one organisation in one period, with its parts, as reported
-- needs: ref.organisation
-- indicator: id of the indicator, the stem of its files
-- indicator_vi: its name in Vietnamese
-- indicator_en: its name in English
-- org_id: id of the organisation over one span of validity
-- organisation_vi: its name in Vietnamese
-- organisation_en: its name in English
-- level: level of the organisation, such as country, ministry, province
-- period: the period as it is written, such as 2026, 2026-Q3, 2026-09, 2026-01-01/2026-09-17
-- first_on: first day of the period
-- last_on: last day of the period
-- breakdown: code of the part that is spoken of; empty for the total
-- numerator: what was counted; null where the value was published without its parts
-- denominator: out of how many; null for counts and for values published without their parts
-- value: the unrounded value in the unit of the indicator; null where it is missing
-- unit: percent, count, points, index, rank or days
-- missing: why there is no value: not-reported, nothing-to-count, not-applicable, withheld, not-comparable
-- status: code of SDMX CL_OBS_STATUS: A normal, P provisional, E estimated, B first after a break; missing: L, M, Q, O
-- formula: version of the formula
-- vintage: the state of data and definitions that it was computed from
-- source: where a value published by others was printed
SELECT
    o.indicator,
    i.title_vi AS indicator_vi,
    i.title_en AS indicator_en,
    o.org_id,
    g.name_vi AS organisation_vi,
    g.name_en AS organisation_en,
    g.level,
    o.period,
    p.first_on,
    p.last_on,
    o.breakdown,
    o.numerator,
    o.denominator,
    o.value,
    i.unit,
    o.missing,
    o.status,
    o.formula,
    o.vintage,
    o.source
FROM out.observation AS o
LEFT JOIN meta.indicator AS i ON i.indicator = o.indicator
LEFT JOIN ref.organisation AS g ON g.org_id = o.org_id
LEFT JOIN meta.period AS p ON p.period = o.period

-- view: published.restated
-- about: One number as it would be had the map of one day always been there; only those that differ from what was reported
-- needs: ref.organisation_link
-- indicator: id of the indicator
-- map_on: the day of the map
-- org_id: a body of that day
-- period: the period
-- breakdown: code of the part; empty for the total
-- numerator: sum of the numerators of the bodies that stood in its place
-- denominator: sum of their denominators
-- value: the value worked out from the sums; null where it is missing
-- missing: why there is no value
-- mark: exact (whole bodies added), estimated (a body was divided by a share), broken (cannot be put together), incomplete (a body did not report)
-- bodies_known: bodies whose numbers are known
-- bodies_expected: bodies that stood in its place during the period
-- status: code of SDMX CL_OBS_STATUS
-- formula: version of the formula; null where the bodies follow different ones
SELECT
    indicator, map_on, org_id, period, breakdown, numerator, denominator, value, missing, mark,
    parts AS bodies_known, parts_expected AS bodies_expected, status, formula
FROM out.restated

-- view: published.restated_part
-- about: One body that stood in the place of a body of the map during a period
-- needs: ref.organisation_link
-- org_id: the body of the map
-- period: the period
-- at_end: whether only the last day of the period counts, as for stocks
-- part_org_id: the body that stood in its place
-- share: the fraction of its counts that belongs here; null where it is not known
SELECT org_id, period, at_end, part_org_id, share
FROM out.restated_part

-- view: published.revision_cause
-- about: One file or definition under an indicator that a vintage changed, and that may have changed its numbers
-- indicator: id of the indicator
-- vintage: the vintage that changed it
-- path: the file or the definition
SELECT i.indicator, d.vintage, d.path
FROM meta.indicator_input AS i
JOIN meta.delivery AS d ON i.kind = 'table' AND d.table_name = i.name
UNION
SELECT i.indicator, d.superseded_in, d.path
FROM meta.indicator_input AS i
JOIN meta.delivery AS d ON i.kind = 'table' AND d.table_name = i.name
WHERE d.superseded_in IS NOT NULL
UNION
SELECT i.indicator, v.vintage, i.name
FROM meta.indicator_input AS i
CROSS JOIN meta.vintage AS v
LEFT JOIN meta.vintage_definition AS now ON now.vintage = v.vintage AND now.path = i.name
LEFT JOIN meta.vintage_definition AS before ON before.vintage = v.vintage - 1 AND before.path = i.name
WHERE i.kind = 'definition'
  AND v.vintage > 1
  AND now.sha256 IS DISTINCT FROM before.sha256

-- view: published.revision
-- about: One number that a vintage changed: what it was, what it became, and which files or definitions changed with it
-- indicator: id of the indicator
-- org_id: id of the organisation
-- period: the period
-- breakdown: code of the part; empty for the total
-- vintage: the vintage that changed it
-- change: added (it was not there before), revised, withdrawn (it is not there any more)
-- previous_numerator: the numerator before
-- previous_denominator: the denominator before
-- previous_value: the value before; null where it was missing or not there
-- previous_missing: why it was missing before
-- numerator: the numerator since
-- denominator: the denominator since
-- value: the value since; null where it is missing or not there any more
-- missing: why it is missing since
-- difference: value less previous value, where both are there
-- formula: version of the formula since
-- causes: the first four files and definitions under the indicator that changed in this vintage, separated by commas; all of them are in `published.revision_cause`
-- cause_count: how many of them there are
WITH history AS (
    -- What is withheld now is not shown as it was before either.
    SELECT
        h.* REPLACE (
            CASE WHEN w.indicator IS NULL THEN h.numerator END AS numerator,
            CASE WHEN w.indicator IS NULL THEN h.denominator END AS denominator,
            CASE WHEN w.indicator IS NULL THEN h.value END AS value,
            CASE WHEN w.indicator IS NULL THEN h.missing ELSE 'withheld' END AS missing
        )
    FROM out.observation_history AS h
    LEFT JOIN out.withheld AS w
        ON w.indicator = h.indicator
        AND w.org_id = h.org_id
        AND w.period = h.period
        AND w.breakdown = h.breakdown
),
step AS (
    SELECT
        coalesce(new.indicator, old.indicator) AS indicator,
        coalesce(new.org_id, old.org_id) AS org_id,
        coalesce(new.period, old.period) AS period,
        coalesce(new.breakdown, old.breakdown) AS breakdown,
        coalesce(new.vintage, old.superseded_in) AS vintage,
        CASE
            WHEN old.indicator IS NULL THEN 'added'
            WHEN new.indicator IS NULL THEN 'withdrawn'
            ELSE 'revised'
        END AS change,
        old.numerator AS previous_numerator,
        old.denominator AS previous_denominator,
        old.value AS previous_value,
        old.missing AS previous_missing,
        new.numerator,
        new.denominator,
        new.value,
        new.missing,
        new.value - old.value AS difference,
        coalesce(new.formula, old.formula) AS formula
    FROM history AS new
    FULL JOIN (SELECT * FROM history WHERE superseded_in IS NOT NULL) AS old
        ON new.indicator = old.indicator
        AND new.org_id = old.org_id
        AND new.period = old.period
        AND new.breakdown = old.breakdown
        AND new.vintage = old.superseded_in
),
cause AS (
    -- A whole list beside every number would be larger than all numbers.
    SELECT indicator, vintage, array_to_string(min(path, 4), ', ') AS causes, count(*) AS cause_count
    FROM published.revision_cause
    GROUP BY indicator, vintage
)
SELECT step.*, cause.causes, cause.cause_count
FROM step
LEFT JOIN cause ON cause.indicator = step.indicator AND cause.vintage = step.vintage
WHERE step.vintage IS NOT NULL

-- view: published.indicator
-- about: One indicator, as it is defined in the newest vintage
-- indicator: its id, the stem of its files
-- title_vi: its name in Vietnamese
-- title_en: its name in English
-- unit: percent, count, points, index, rank or days
-- direction: higher-is-better, lower-is-better or none
-- shape: ratio (numerator and denominator), count, or value (computed by others)
-- decimals: decimals when printed
-- scale: value = scale x numerator / denominator
-- period: the kind of its periods; any where the query names them
-- calendar: the calendar of its periods, civil or administrative
-- restate: what is done on another map: sum, stock or none
-- formula: the first version of the formula; published.series_break has the later ones
-- legal_basis: the law that it rests on
-- method_vi: how it is computed, in Vietnamese
-- method_en: how it is computed, in English
-- note_vi: a warning that belongs beside every number, in Vietnamese
-- note_en: a warning that belongs beside every number, in English
SELECT * FROM meta.indicator

-- view: published.series_break
-- about: One day that no series of the indicator is joined across
-- indicator: id of the indicator
-- begins_on: the first day under the new rule
-- formula: the version of the formula that starts on it; null where something else changed
-- why_vi: what changed, in Vietnamese
-- why_en: what changed, in English
SELECT * FROM meta.series_break

-- view: published.index_score
-- about: One part of an index of one organisation in one period, scored by the rules of its edition, beside what was published
-- needs: ref.organisation
-- index_id: id of the index, the stem of its files
-- period: the period, such as 2022 or 2026-Q3
-- edition: the entry of the rules that it was scored by, a year or a day
-- among: which bodies it was compared with; empty: all of the period
-- org_id: id of the organisation
-- organisation_vi: its name in Vietnamese
-- organisation_en: its name in English
-- part: id of the part; the part that is called like the index is the whole
-- part_vi: its name in Vietnamese
-- part_en: its name in English
-- above: the part that it goes into; null for the whole
-- given: the published number of a part that is made of others; the part above takes it
-- value: what the rules give, unrounded unless they round; null where it is missing
-- missing: why there is no value: not-reported, nothing-to-count, not-applicable, withheld, not-comparable, formula-not-known, part-missing, undefined, unknown-state
-- weight: its weight in the part above, a share of one, or a factor where parts are added
-- rank: its place among the bodies that have a score; null where it is the only one
-- published: what was printed
-- published_rank: the place that was printed
-- imputed: whether the value stands in for a missing one, or is made of such a one
-- vintage: the state of data and definitions that it was computed from
SELECT
    s.index_id,
    s.period,
    s.edition,
    s.among,
    s.org_id,
    g.name_vi AS organisation_vi,
    g.name_en AS organisation_en,
    s.part,
    p.title_vi AS part_vi,
    p.title_en AS part_en,
    s.above,
    s.given,
    s.value,
    s.missing,
    s.weight,
    s.rank,
    s.published,
    s.published_rank,
    s.imputed,
    s.vintage
FROM out.index_score AS s
LEFT JOIN meta.index_part AS p ON p.index_id = s.index_id AND p.part = s.part
LEFT JOIN ref.organisation AS g ON g.org_id = s.org_id

-- view: published.index_summary
-- about: One part of an index in one period: how many bodies have it, and how far scores lie from what was published
-- index_id: id of the index
-- period: the period
-- edition: the entry of the rules
-- among: which bodies were compared with one another; empty: all of the period
-- part: id of the part
-- tolerance: how far a score may lie from the published one
-- bodies: bodies of which the part is spoken of
-- scored: bodies that have a score
-- given: bodies whose published number the part above takes; what their inputs give only comes near it
-- imputed: bodies whose value stands in for a missing one, or is made of such a one; they are not compared
-- compared: bodies that have both a score and a published one
-- greatest: the greatest difference between them
-- mean: the mean difference, without sign
-- correlation: the correlation of scores and published scores; null below three bodies
-- beyond: bodies further off than the tolerance
-- ranked: bodies that have both a place and a published one
-- same_rank: bodies for which they are the same
SELECT * FROM out.index_summary

-- view: published.organisation
-- about: One organisation over one span of validity
-- needs: ref.organisation
-- org_id: its id; a body that ended has its last day in it
-- name_vi: its name in Vietnamese
-- name_en: its name in English
-- level: its level, such as country, ministry, province
-- parent_id: the organisation above it
-- valid_from: first day; null where it is not known
-- valid_to: last day; null where it still exists
SELECT org_id, name_vi, name_en, level, parent_id, valid_from, valid_to
FROM ref.organisation

-- view: published.organisation_name
-- about: One name of one organisation over the days on which it was in use
-- needs: ref.organisation_name
-- org_id: id of the organisation
-- name_vi: its name in Vietnamese
-- name_en: its name in English
-- valid_from: first day of the name; null where it is not known
-- valid_to: last day of the name; null where it is in use
SELECT org_id, name_vi, name_en, valid_from, valid_to
FROM ref.organisation_name

-- view: published.organisation_code
-- about: One code of one organisation over the days on which it stands for it; a code may pass to another organisation
-- needs: ref.organisation_code
-- code_system: whose code it is
-- code: the code, as text
-- org_id: id of the organisation
-- valid_from: first day; null where it is open
-- valid_to: last day; null where it is open
SELECT code_system, code, org_id, valid_from, valid_to
FROM ref.organisation_code

-- view: published.organisation_link
-- about: One body that ended or gave something away, and one that took it over
-- needs: ref.organisation_link
-- old_org_id: the predecessor
-- new_org_id: the successor
-- kind: unchanged, renamed, absorbed, merged (all of it went over); split, part (a piece of it)
-- share: the fraction of the predecessor's counts that went over; null where it is not known
-- effective_on: first day of the new order
-- legal_basis: the law that ordered it
SELECT old_org_id, new_org_id, kind, share, effective_on, legal_basis
FROM ref.organisation_link

-- view: published.target
-- about: One target of one law for one level and year
-- needs: ref.target
-- target_id: its id
-- title_vi: what is asked for, in Vietnamese
-- title_en: what is asked for, in English
-- level: the level that it is set for
-- org_id: the organisation that it is read on; null where none stands for the level
-- comparator: >= (at least), <= (at most), rank<= (rank at most)
-- value: the value to reach, in the unit
-- unit: unit of the value
-- due_on: the last day for reaching it
-- legal_basis_vi: the document that sets it, in Vietnamese
-- legal_basis_en: the document that sets it, in English
-- evidence: how the wording is known: seen, article, secondary, memory
-- source: where it was read
SELECT
    target_id, title_vi, title_en, level, org_id, comparator, value, unit, due_on,
    legal_basis_vi, legal_basis_en, evidence, source
FROM ref.target

-- view: published.target_progress
-- about: How one target stands on one organisation by one indicator, with all that it was judged by
-- needs: ref.target
-- row_no: number of the row, to join methods and holders
-- target_id: id of the target
-- org_id: the organisation that it is read on; null where none stands for the level. An organisation of the level for which nothing was observed has no row
-- indicator: id of the indicator that answers it; null where none does
-- status: achieved, on-path, slight-delay, serious-delay, moving-away, missed, awaited, too-early, broken-series, not-applicable, no-data
-- decides: whether this is the status of the target on the organisation: the worst of those that answer it
-- due_is_over: whether the due day lies before the end of the period that was computed
-- period: period of the value that decides, the last one that ends by the due day
-- value: that value, unrounded
-- demanded: the value to reach
-- due_on: the last day for reaching it
-- gap: demanded less value
-- scale: what the pace is even on: linear (steps), log (ratios), yes-no (no pace)
-- values_known: values of the same length of time up to it
-- points: those of them that can be compared with it
-- restated_points: those that were restated to the map of a day
-- baseline_period: where the path begins: the last value when the target was made, else the first
-- baseline: value of it
-- start_period: where the pace is measured from: the baseline, or the first value where none came after it
-- start_value: value of it
-- path: where the path stands at the end of the period, by way of the milestones
-- way_done: part of the way that the path asks for by then; 1 is all of it
-- pace_seen: change a year since the start, on the scale: of the value, or of its natural logarithm
-- pace_needed: change a year that is needed until the due day
-- pace_times: needed over seen
-- arrives_on: the day on which it is reached at the pace seen; null where never, or not within a hundred years
-- extra_units: whole units missing in a period like the last, with its denominator
-- extra_per_period: how many more each period than in the one before, until the due day
-- probability: chance of reaching it in time, by a weighted regression; null under four points
-- expected: value that is expected on the due day
-- low: lower end of its 90 % interval
-- high: upper end of its 90 % interval
-- forecast_scale: what the regression was made on: linear, log, logit
-- methods_agree: methods that come to the same as the status, of those that are counted; null where the status judges no pace
-- methods_counted: methods that are counted: all but that of Eurostat; null like the one before
-- vintage: the state of data and definitions that it was computed from
WITH method AS (
    SELECT
        m.row_no,
        count(*) FILTER (WHERE m.counted) AS counted,
        count(*) FILTER (
            WHERE m.counted
                AND m.verdict = CASE
                    WHEN p.status = 'on-path' THEN 'on-track'
                    WHEN p.status IN ('slight-delay', 'serious-delay') THEN 'too-slow'
                    WHEN p.status = 'moving-away' THEN 'away'
                END
        ) AS agree
    FROM out.target_method AS m
    JOIN out.target_progress AS p ON p.row_no = m.row_no
    GROUP BY m.row_no
)
SELECT
    p.row_no,
    p.target_id,
    p.org_id,
    p.indicator,
    p.status,
    p.decides,
    p.due_is_over,
    p.period,
    p.value,
    t.value AS demanded,
    t.due_on,
    t.value - p.value AS gap,
    p.scale,
    p.n_values AS values_known,
    p.n_points AS points,
    p.n_restated AS restated_points,
    p.baseline_period,
    p.baseline,
    p.start_period,
    p.start_value,
    p.path,
    p.way_done,
    p.pace_seen,
    p.pace_needed,
    p.pace_times,
    p.arrives_on,
    p.extra_units,
    p.extra_per_period,
    p.probability,
    p.expected,
    p.low,
    p.high,
    p.forecast_scale,
    CASE WHEN p.status IN ('on-path', 'slight-delay', 'serious-delay', 'moving-away') THEN m.agree END AS methods_agree,
    CASE WHEN p.status IN ('on-path', 'slight-delay', 'serious-delay', 'moving-away') THEN m.counted END AS methods_counted,
    p.vintage
FROM out.target_progress AS p
JOIN ref.target AS t ON t.target_id = p.target_id
LEFT JOIN method AS m ON m.row_no = p.row_no

-- view: published.target_method
-- about: What one published method says of a row of target_progress
-- row_no: number of that row
-- method: open-sdg, eurostat, un-chart, escap-current, escap-anticipated, linear, logit
-- value: its number, as published: a ratio, a score, an index or a gap
-- projected: the value that it expects on the due day, where it expects one
-- verdict: what its class amounts to: on-track, too-slow, away
-- counted: whether it counts in the agreement; the score of Eurostat is the ratio of Open SDG once more
SELECT row_no, method, value, projected, verdict, counted
FROM out.target_method

-- view: published.target_holder
-- about: One organisation that holds a part of the gap of a row of target_progress
-- row_no: number of that row
-- org_id: the organisation; null for what the organisations together do not have
-- numerator: what it counted in the period that decides
-- denominator: out of how many
-- gap: its part of demanded less value, in the unit of the indicator; all parts of a row add up to it
-- by_rate: what it would hold were all of one size
-- by_size: what its size adds or takes
-- units: whole units that it misses to reach the target itself
SELECT row_no, part_org_id AS org_id, numerator, denominator, gap, by_rate, by_size, units
FROM out.target_holder

-- view: published.vintage
-- about: One state of data and definitions that results were computed from
-- vintage: its number
-- loaded_at: when its load began, UTC
-- period: the last period that was computed in it
-- program: version of chiso that made it
-- files: files that it brought
-- rows_loaded: their rows that were loaded
-- rows_rejected: their rows that were kept out
-- definitions: definition files that are others than in the vintage before
-- can_be_rebuilt: whether --as-of can give it again
WITH file AS (
    SELECT
        vintage,
        count(*) AS files,
        CAST(sum(rows_loaded) AS BIGINT) AS rows_loaded,
        CAST(sum(rows_rejected) AS BIGINT) AS rows_rejected
    FROM meta.delivery
    GROUP BY vintage
),
changed AS (
    SELECT now.vintage, now.path
    FROM meta.vintage_definition AS now
    LEFT JOIN meta.vintage_definition AS before
        ON before.vintage = now.vintage - 1
        AND before.path = now.path
    WHERE before.sha256 IS DISTINCT FROM now.sha256
    UNION ALL
    SELECT before.vintage + 1, before.path
    FROM meta.vintage_definition AS before
    LEFT JOIN meta.vintage_definition AS now
        ON now.vintage = before.vintage + 1
        AND now.path = before.path
    WHERE now.path IS NULL
),
definition AS (
    SELECT vintage, count(*) AS definitions
    FROM changed
    GROUP BY vintage
)
SELECT
    v.vintage,
    v.loaded_at,
    v.period,
    v.program,
    coalesce(f.files, 0) AS files,
    coalesce(f.rows_loaded, 0) AS rows_loaded,
    coalesce(f.rows_rejected, 0) AS rows_rejected,
    coalesce(d.definitions, 0) AS definitions,
    NOT v.forgotten AS can_be_rebuilt
FROM meta.vintage AS v
LEFT JOIN file AS f ON f.vintage = v.vintage
LEFT JOIN definition AS d ON d.vintage = v.vintage

-- view: published.file
-- about: One file of one source, once for each content; rows read = rows loaded + rows rejected
-- file_id: its number
-- source_id: the source that it belongs to, in sources.yml
-- table_name: the table that it fills
-- path: where it was found, relative to the project
-- size: bytes
-- sha256: sum of its bytes
-- vintage: the vintage that brought it
-- superseded_in: the vintage in which another took its place
-- state: current, superseded, refused
-- rows_read: rows found in it
-- rows_loaded: rows that fit
-- rows_rejected: rows kept out, each listed in published.reject
-- message: what was noticed, or why it was refused
SELECT
    file_id, source_id, table_name, path, size, sha256, vintage, superseded_in, state,
    rows_read, rows_loaded, rows_rejected, message
FROM meta.file

-- view: published.reject
-- about: One reason why one row of a file was kept out
-- file_id: the file
-- path: where the file was found
-- state: state of the file: current, superseded
-- row_no: row of the file, headings counted, from 1
-- column_name: the column; empty for the row as a whole
-- value: what stood there
-- rule: the rule that it broke
SELECT r.file_id, f.path, f.state, r.row_no, r.column_name, r.value, r.rule
FROM meta.reject AS r
JOIN meta.file AS f ON f.file_id = r.file_id

-- view: published.check_result
-- about: One rule about rows, and how many rows break it in the newest vintage
-- check_id: id of the rule, the stem of its file
-- title_vi: the rule in Vietnamese
-- title_en: the rule in English
-- severity: error (numbers that rest on it are wrong) or warning (worth a look)
-- broken: rows that break it; of a rule with a threshold, senders that do
SELECT check_id, title_vi, title_en, severity, broken
FROM meta.check_result

-- view: published.check_sender
-- about: How many rows of one sender break a rule that has a threshold, of how many, in the newest vintage
-- check_id: id of the rule
-- org_id: the sender; null where its code is nobody's
-- broken: rows that break the rule
-- base: rows that the rule speaks of
-- is_over: whether that is more than the threshold of the rule
SELECT check_id, org_id, broken, base, is_over
FROM meta.check_sender

-- view: published.delivery
-- about: What one sender had to send for one period by the rules of quality.yml, and what came
-- needs: ref.organisation
-- rule: id of the rule
-- rule_vi: what is to be sent, in Vietnamese
-- rule_en: what is to be sent, in English
-- org_id: the sender
-- period: the period
-- due_on: the day until which it was to be sent; null where it is not known
-- delivered_on: the day on which it was first delivered; null where nothing came
-- status: on-time, late, untimed (it is there, but nobody kept the time then), not-reported, awaited (not due yet)
-- days_late: days between the due day and the delivery, where it was late
-- files: files in use that have rows of it
-- rows_read: rows of this sender in these files
-- rows_rejected: of these, rows kept out
SELECT
    p.rule,
    r.title_vi AS rule_vi,
    r.title_en AS rule_en,
    p.org_id,
    p.period,
    p.due_on,
    p.delivered_on,
    p.status,
    p.days_late,
    p.files,
    p.rows_read,
    p.rows_rejected
FROM meta.sender_period AS p
JOIN meta.delivery_rule AS r ON r.rule = p.rule

-- view: published.outlier
-- about: How one number lies among those before it and among those of the other bodies of its level; only numbers that could be judged
-- indicator: id of the indicator
-- org_id: id of the organisation
-- period: the period
-- breakdown: code of the part; empty for the total
-- points: numbers before it that were looked at
-- usual: what they lead one to expect, in the unit of the indicator; null where they are too few
-- score: how many robust standard deviations it lies above that
-- peers: bodies of its level with such a number, itself among them
-- peers_usual: what they lead one to expect; null where they are too few
-- peers_score: how many robust standard deviations it lies above that
-- verdict: usual, high, low, zero (nothing, where there always was something)
SELECT indicator, org_id, period, breakdown, points, usual, score, peers, peers_usual, peers_score, verdict
FROM out.outlier

-- view: published.quality
-- about: The mark of one number: how far it can be trusted, and what that follows from; a number without a row has no mark
-- indicator: id of the indicator
-- org_id: id of the organisation
-- period: the period
-- breakdown: code of the part; empty for the total
-- mark: A (all who had to send did, nothing speaks against it), B (something belongs said beside it), C (so much is missing or wrong that it may be another number)
-- reasons: complete, or words separated by commas: incomplete, rejected, rules, high, low, zero, estimated, provisional, taken-over
-- expected: deliveries that were expected behind it; null where nobody knows who had to send
-- arrived: of these, those that are there
-- rows_read: rows that were read behind it
-- rows_rejected: of these, rows kept out
-- checks: rules over their threshold that its rows break, separated by commas
SELECT indicator, org_id, period, breakdown, mark, reasons, expected, arrived, rows_read, rows_rejected, checks
FROM out.quality
