"""What one state's index would be, worked out without chiso, from the files in data/egdi.

Plain Python of the standard library, written from the formulas and not from the program. Run `python3 tests/oracle/planning.py`
in the repository; it writes planning.csv beside itself, which the tests read.

planning.csv: edition, iso3, setting, score, rank, passed (states that were ahead and are not any more).
An input that is set moves the published sub-index by as much as the sub-index made from inputs moves, within 0 and 1.
"""

import csv
import math
import pathlib
import statistics

HERE = pathlib.Path(__file__).parent
DATA = HERE.parent.parent / "data" / "egdi"

TII = {"internet-users": "internet_users_pct", "fixed-broadband": "fixed_broadband_per100",
       "mobile-broadband": "active_mobile_broadband_per100", "mobile": "mobile_cellular_per100"}
HCI = {"literacy": "adult_literacy_pct", "enrolment": "gross_enrolment_1t8_pct",
       "expected-schooling": "expected_years_schooling", "mean-schooling": "mean_years_schooling"}
WEIGHT = {"literacy": 3, "enrolment": 2, "expected-schooling": 2, "mean-schooling": 2}
CAPPED = {"mobile-broadband", "mobile"}


def read():
    published, inputs = {}, {}
    with open(DATA / "egdi_2003_2022.csv", encoding="utf-8") as file:
        for row in csv.DictReader(file):
            if row["scored"] == "1":
                published.setdefault(row["edition"], {})[row["iso3"]] = {p: float(row[p]) for p in ("osi", "tii", "hci")}
    with open(DATA / "components_asof_edition.csv", encoding="utf-8") as file:
        for row in csv.DictReader(file):
            inputs.setdefault((row["edition"], row["component"]), {})[row["iso3"]] = float(row["value"])
    for edition in published:
        other = inputs.get((edition, "adult_literacy_pct_wdi"), {})
        inputs[edition, "adult_literacy_pct"] = {**other, **inputs.get((edition, "adult_literacy_pct"), {})}
    return published, inputs


def made(states, columns):
    """Weighted mean of z-scores, from the least to the greatest; the median for an input that is missing."""
    total = dict.fromkeys(states, 0.0)
    for part, column in columns.items():
        cap = 120 if part in CAPPED else math.inf
        known = {s: min(column[s], cap) for s in states if s in column}
        middle = statistics.median(known.values())
        filled = {s: known.get(s, middle) for s in states}
        mean, deviation = statistics.fmean(filled.values()), statistics.pstdev(filled.values())
        for s in states:
            total[s] += WEIGHT.get(part, 1) * (filled[s] - mean) / deviation
    low, high = min(total.values()), max(total.values())
    return {s: (total[s] - low) / (high - low) for s in states}


def what_if(published, inputs, edition, state, setting):
    rows = {s: dict(parts) for s, parts in published[edition].items()}
    states = sorted(rows)
    before = {s: sum(rows[s].values()) / 3 for s in states}
    for above, names in (("tii", TII), ("hci", HCI)):
        columns = {part: dict(inputs[edition, name]) for part, name in names.items()}
        first = made(states, columns)[state]
        for part, value in setting.items():
            if part in columns:
                columns[part][state] = value
        if any(part in columns for part in setting):
            rows[state][above] = min(1, max(0, rows[state][above] + made(states, columns)[state] - first))
    for part, value in setting.items():
        if part in rows[state]:
            rows[state][part] = value
    after = {s: sum(rows[s].values()) / 3 for s in states}
    was, now = ({s: round(v, 9) for s, v in scores.items()} for scores in (before, after))
    rank = 1 + sum(now[s] > now[state] for s in states)
    passed = sum(was[s] > was[state] and now[s] <= now[state] for s in states)
    return after[state], rank, passed


CASES = [
    ("2022", "VNM", {"osi": 0.85}),
    ("2022", "VNM", {"osi": 0.85, "hci": 0.7403}),
    ("2022", "VNM", {"osi": 0.9625}),
    ("2022", "VNM", {"internet-users": 90}),
    ("2022", "VNM", {"internet-users": 90, "mobile": 110}),
    ("2022", "VNM", {"mobile": 500}),
    ("2022", "VNM", {"literacy": 100, "mean-schooling": 12, "osi": 0.7}),
    ("2022", "VNM", {"enrolment": 95}),
    ("2022", "VNM", {"fixed-broadband": 0, "mobile-broadband": 0, "internet-users": 0, "mobile": 0}),
    ("2022", "LAO", {"internet-users": 100, "mobile-broadband": 120, "mobile": 120, "fixed-broadband": 80}),
    ("2022", "KOR", {"tii": 0.5}),
    ("2020", "VNM", {"osi": 0.70, "expected-schooling": 16}),
    ("2020", "THA", {"osi": 1, "tii": 1, "hci": 1}),
]

published, inputs = read()
with open(HERE / "planning.csv", "w", encoding="utf-8", newline="") as file:
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow(["edition", "iso3", "setting", "score", "rank", "passed"])
    for edition, state, setting in CASES:
        score, rank, passed = what_if(published, inputs, edition, state, setting)
        written = ",".join(f"{part}={value}" for part, value in setting.items())
        writer.writerow([edition, state, written, repr(score), rank, passed])
