"""How sure the ranks of 2022 are, worked out without chiso, from the files in data/egdi.

Plain Python of the standard library with its own random numbers, written from the description and not from the program. Run
`python3 tests/oracle/uncertainty.py` in the repository (a minute or two); it writes uncertainty.csv beside itself.

uncertainty.csv: iso3, rank, and the ranks that 5, 25, 50, 75 and 95 % of the draws are at or ahead of.
Drawn together: each weight a quarter more or less; parts as they are, from least to greatest, or by the share that lies
behind; arithmetic or geometric mean; median, mean or minimum for missing inputs, whose change moves the published part; and
where the others go: each moves as some state did between two of the last six editions, beyond the mean of all, by a shift of
the list of states. The state in question stays. Scales are those of the states before they move.
"""

import bisect
import csv
import math
import pathlib
import random
import statistics

HERE = pathlib.Path(__file__).parent
DATA = HERE.parent.parent / "data" / "egdi"
PARTS = ("osi", "tii", "hci")
TII = ["internet_users_pct", "fixed_broadband_per100", "active_mobile_broadband_per100", "mobile_cellular_per100"]
HCI = {"adult_literacy_pct": 3, "gross_enrolment_1t8_pct": 2, "expected_years_schooling": 2, "mean_years_schooling": 2}
DRAWS = 20_000


def read():
    published, inputs = {}, {}
    with open(DATA / "egdi_2003_2022.csv", encoding="utf-8") as file:
        for row in csv.DictReader(file):
            if row["scored"] == "1":
                published.setdefault(row["edition"], {})[row["iso3"]] = [float(row[p]) for p in PARTS]
    with open(DATA / "components_asof_edition.csv", encoding="utf-8") as file:
        for row in csv.DictReader(file):
            inputs.setdefault((row["edition"], row["component"]), {})[row["iso3"]] = float(row["value"])
    other = inputs.get(("2022", "adult_literacy_pct_wdi"), {})
    inputs["2022", "adult_literacy_pct"] = {**other, **inputs.get(("2022", "adult_literacy_pct"), {})}
    return published, inputs


def made(states, inputs, names, instead):
    total = dict.fromkeys(states, 0.0)
    for name, weight in names.items():
        cap = 120 if name.startswith(("active_mobile", "mobile")) else math.inf
        known = {s: min(v, cap) for s, v in inputs["2022", name].items() if s in total}
        filled = {s: known.get(s, instead(known.values())) for s in states}
        mean, deviation = statistics.fmean(filled.values()), statistics.pstdev(filled.values())
        for s in states:
            total[s] += weight * (filled[s] - mean) / deviation
    low, high = min(total.values()), max(total.values())
    return {s: (total[s] - low) / (high - low) for s in states}


def scale(kind, values):
    if kind == 0:
        return lambda x: x
    low, high, order = min(values), max(values), sorted(values)
    if kind == 1:
        return lambda x: min(1.0, max(0.0, (x - low) / (high - low)))

    def behind(x):
        below, upto = bisect.bisect_left(order, x), bisect.bisect_right(order, x)
        return min(1.0, max(0.0, (below + (upto - below - 1) / 2) / (len(order) - 1)))
    return behind


def main():
    published, inputs = read()
    # The program's list of states is by its own ids; a shift of any list of all states does as well.
    states = sorted(published["2022"])
    ways = []
    rule = None
    for instead in (statistics.median, statistics.fmean, min):
        tii = made(states, inputs, dict.fromkeys(TII, 1), instead)
        hci = made(states, inputs, HCI, instead)
        rule = rule or (tii, hci)
        held = lambda x: min(1.0, max(0.0, x))
        ways.append([[published["2022"][s][0], held(published["2022"][s][1] + tii[s] - rule[0][s]),
                      held(published["2022"][s][2] + hci[s] - rule[1][s])] for s in states])
    steps = []
    for before, after in (("2012", "2014"), ("2014", "2016"), ("2016", "2018"), ("2018", "2020"), ("2020", "2022")):
        moves = [[b - a for a, b in zip(published[before][s], published[after][s])] for s in states if s in published[before]]
        means = [statistics.fmean(m[p] for m in moves) for p in range(3)]
        steps.append([[m[p] - means[p] for p in range(3)] for m in moves])
    scales = [[[scale(kind, [row[p] for row in way]) for p in range(3)] for kind in range(3)] for way in ways]
    random.seed(20221001)
    ranks = [[] for _ in states]
    for _ in range(DRAWS):
        weights = [1 + random.uniform(-0.25, 0.25) for _ in PARTS]
        shares = [w / sum(weights) for w in weights]
        way, kind, geometric = random.randrange(3), random.randrange(3), random.random() < 0.5
        step = random.choice(steps)
        shift = random.randrange(len(step))
        to = scales[way][kind]

        def score(row):
            values = [to[p](row[p]) for p in range(3)]
            if geometric:
                return 0.0 if min(values) == 0 else math.exp(sum(w * math.log(v) for w, v in zip(shares, values)))
            return sum(w * v for w, v in zip(shares, values))

        still, moved = [], []
        for at, row in enumerate(ways[way]):
            move = step[(at + shift) % len(step)]
            still.append(round(score(row), 9))
            moved.append(round(score([min(1.0, max(0.0, x + m)) for x, m in zip(row, move)]), 9))
        order = sorted(moved)
        for at in range(len(states)):
            ahead = len(order) - bisect.bisect_right(order, still[at]) - (moved[at] > still[at])
            ranks[at].append(ahead + 1)
    now = [round(sum(published["2022"][s]) / 3, 9) for s in states]
    with open(HERE / "uncertainty.csv", "w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["iso3", "rank", "q05", "q25", "q50", "q75", "q95"])
        for at, state in enumerate(states):
            drawn = sorted(ranks[at])
            writer.writerow([state, 1 + sum(v > now[at] for v in now)]
                            + [drawn[math.ceil(q * DRAWS) - 1] for q in (0.05, 0.25, 0.5, 0.75, 0.95)])


main()
