"""The E-Government Development Index worked out without chiso, from the files in data/egdi.

Plain Python of the standard library, written from the formulas and not from the program. Run `python3 tests/oracle/egdi.py`
in the repository; it writes egdi.csv and normalised.csv beside itself, which the tests read.

egdi.csv: edition, iso3, part, value, rank, imputed (1: an input of the part was missing and the median stands in).
normalised.csv: the online service index of 2022 under each normalisation, and the geometric mean of the three parts.
"""

import csv
import math
import pathlib
import statistics

HERE = pathlib.Path(__file__).parent
DATA = HERE.parent.parent / "data" / "egdi"

TII = {
    "2012": ["internet_users_pct", "fixed_broadband_per100", "mobile_cellular_per100", "fixed_telephone_per100"],
    "2014": ["internet_users_pct", "fixed_broadband_per100", "active_mobile_broadband_per100", "mobile_cellular_per100", "fixed_telephone_per100"],
    "2020": ["internet_users_pct", "fixed_broadband_per100", "active_mobile_broadband_per100", "mobile_cellular_per100"],
}
HCI = {"adult_literacy_pct": 1 / 3, "gross_enrolment_1t8_pct": 2 / 9, "expected_years_schooling": 2 / 9, "mean_years_schooling": 2 / 9}


def read():
    published, inputs = {}, {}
    with open(DATA / "egdi_2003_2022.csv", encoding="utf-8") as file:
        for row in csv.DictReader(file):
            if row["scored"] == "1":
                published.setdefault(row["edition"], {})[row["iso3"]] = row
    with open(DATA / "components_asof_edition.csv", encoding="utf-8") as file:
        for row in csv.DictReader(file):
            inputs.setdefault((row["edition"], row["component"]), {})[row["iso3"]] = float(row["value"])
    for edition in published:
        other = inputs.get((edition, "adult_literacy_pct_wdi"), {})
        inputs[edition, "adult_literacy_pct"] = {**other, **inputs.get((edition, "adult_literacy_pct"), {})}
    return published, inputs


def sub_index(states, columns, weights, cap):
    total = dict.fromkeys(states, 0.0)
    imputed = set()
    for column, weight in zip(columns, weights):
        known = {s: min(column[s], cap) for s in states if s in column}
        middle = statistics.median(known.values())
        imputed |= set(states) - set(known)
        filled = {s: known.get(s, middle) for s in states}
        mean, deviation = statistics.fmean(filled.values()), statistics.pstdev(filled.values())
        for s in states:
            total[s] += weight * (filled[s] - mean) / deviation
    low, high = min(total.values()), max(total.values())
    return {s: (total[s] - low) / (high - low) for s in states}, imputed


def ranked(scores):
    rounded = {s: round(v, 9) for s, v in scores.items()}
    return {s: 1 + sum(other > v for other in rounded.values()) for s, v in rounded.items()}


def scores(published, inputs):
    for edition, rows in sorted(published.items()):
        states = sorted(rows)
        weights = (0.34, 0.33, 0.33) if edition in ("2008", "2010") else (1 / 3, 1 / 3, 1 / 3)
        whole = {s: sum(w * float(rows[s][p]) for w, p in zip(weights, ("osi", "tii", "hci"))) for s in states}
        parts = [("egdi", whole, set())]
        if edition >= "2012":
            names = TII[max(start for start in TII if start <= edition)]
            columns = [inputs[edition, name] for name in names]
            cap = 120 if edition >= "2020" else math.inf
            parts.append(("tii", *sub_index(states, columns, [1 / len(names)] * len(names), cap)))
        if edition >= "2014":
            columns = [inputs[edition, name] for name in HCI]
            parts.append(("hci", *sub_index(states, columns, list(HCI.values()), math.inf)))
        for part, values, imputed in parts:
            ranks = ranked(values)
            for s in states:
                yield [edition, s, part, repr(values[s]), ranks[s], int(s in imputed)]


def normalised(rows):
    states = sorted(rows)
    x = {s: float(rows[s]["osi"]) for s in states}
    mean, deviation = statistics.fmean(x.values()), statistics.pstdev(x.values())
    low, high = min(x.values()), max(x.values())
    n = len(states)
    for s in states:
        place = sum(v < x[s] for v in x.values()) + (sum(v == x[s] for v in x.values()) + 1) / 2
        parts = [float(rows[s][p]) for p in ("osi", "tii", "hci")]
        yield [s, repr(x[s]), repr((x[s] - mean) / deviation), repr((x[s] - low) / (high - low)),
               repr(min(1.0, max(0.0, (x[s] - 0.2) / 0.6))), repr(x[s] / 0.9), repr(place), repr((place - 1) / (n - 1)),
               *map(repr, parts[1:]), repr(math.prod(parts) ** (1 / 3))]


def write(name, header, rows):
    with open(HERE / name, "w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(header)
        writer.writerows(rows)


published, inputs = read()
write("egdi.csv", ["edition", "iso3", "part", "value", "rank", "imputed"], scores(published, inputs))
write("normalised.csv",
      ["iso3", "osi", "z_score", "min_max", "goalposts", "to_reference", "rank", "percentile", "tii", "hci", "geometric"],
      normalised(published["2022"]))
