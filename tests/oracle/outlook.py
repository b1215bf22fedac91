"""The outlook of the E-Government Development Index worked out without chiso, as far as no chance is in it.

Plain Python of the standard library, written from the formulas and not from the program. Run `python3 tests/oracle/outlook.py`
in the repository; it writes outlook.csv and attribution.csv beside itself, which the tests read.

outlook.csv: what, ahead, way, value: `common` and `carried` of the model from all editions; mean distance of scores and of
places of four ways, by editions ahead, from every edition that has four changes behind it.
attribution.csv: from, to, part, score, place: the change of Viet Nam taken apart, as the mean over all orders, each order
walked one by one.
"""

import csv
import itertools
import math
import pathlib

HERE = pathlib.Path(__file__).parent
DATA = HERE.parent.parent / "data" / "egdi"
NEW_FORMULA = {2008, 2012, 2020, 2022}
PARTS = ["osi", "tii", "hci"]


def read():
    rows = {}
    with open(DATA / "egdi_2003_2022.csv", encoding="utf-8") as file:
        for row in csv.DictReader(file):
            if row["scored"] == "1":
                rows.setdefault(int(row["edition"]), {})[row["iso3"]] = row
    return rows


def level(score):
    share = min(max(score, 0.005), 0.995)
    return math.log(share / (1 - share))


def score_of(x):
    return 1 / (1 + math.exp(-x))


def changes(levels, years):
    steps = []
    for before, after in zip(years, years[1:]):
        moved = {s: levels[after][s] - levels[before][s] for s in levels[after] if s in levels[before]}
        common = math.fsum(moved.values()) / len(moved)
        steps.append((after - before, after not in NEW_FORMULA, common, {s: m - common for s, m in moved.items()}))
    return steps


def pace(steps, state, with_common=False):
    known = [(own[state] + (common if with_common else 0), years) for years, same, common, own in steps if same and state in own]
    return sum(m for m, _ in known) / sum(y for _, y in known) if known else None


def fit(steps):
    common = sum(step[2] for step in steps) / sum(step[0] for step in steps)
    up = down = 0.0
    for at, (years, _, _, own) in enumerate(steps):
        for state, moved in own.items():
            before = pace(steps[:at], state)
            if before is not None:
                # Least squares of moved / sqrt(years) on before x sqrt(years), through the origin.
                x, y = before * math.sqrt(years), moved / math.sqrt(years)
                up += x * y
                down += x * x
    return common, up / down


def ranks(scores):
    rounded = {s: round(v, 9) for s, v in scores.items()}
    return {s: 1 + sum(o > v for o in rounded.values()) for s, v in rounded.items()}


def outlook(rows):
    years = sorted(rows)
    scores = {y: {s: float(r["egdi"]) for s, r in rows[y].items()} for y in years}
    levels = {y: {s: level(v) for s, v in of_year.items()} for y, of_year in scores.items()}
    out = [("common", 0, "", fit(changes(levels, years))[0]), ("carried", 0, "", fit(changes(levels, years))[1])]
    sums = {}
    for origin in range(4, len(years) - 1):
        steps = changes(levels, years[: origin + 1])
        common, carried = fit(steps)
        for ahead in range(1, 5):
            if origin + ahead >= len(years):
                break
            target = years[origin + ahead]
            dt = target - years[origin]
            states = [s for s in levels[years[origin]] if s in levels[target]]
            truth = {s: scores[target][s] for s in states}
            true_rank = ranks(truth)
            now = levels[years[origin]]
            ways = {
                "persistence": {s: score_of(now[s]) for s in states},
                "mean-change": {s: score_of(now[s] + common * dt) for s in states},
                "drift": {s: score_of(now[s] + (pace(steps, s, True) or 0) * dt) for s in states},
                "common-and-own": {s: score_of(now[s] + (common + carried * (pace(steps, s) or 0)) * dt) for s in states},
            }
            for way, forecast in ways.items():
                rank = ranks(forecast)
                sums.setdefault((ahead, way), []).extend((abs(forecast[s] - truth[s]), abs(rank[s] - true_rank[s])) for s in states)
    for (ahead, way), off in sums.items():
        out.append(("score", ahead, way, math.fsum(a for a, _ in off) / len(off)))
        out.append(("place", ahead, way, sum(b for _, b in off) / len(off)))
    return out


def weights(year):
    return [0.34, 0.33, 0.33] if year in (2008, 2010) else [1 / 3] * 3


def attribution(rows, own="VNM"):
    parts = {y: {s: [float(r[p]) for p in PARTS] for s, r in of_year.items()} for y, of_year in rows.items()}
    years = sorted(rows)
    out = []
    for before, after in zip(years, years[1:]):
        def value(moved):
            w = weights(after if "rules" in moved else before)
            mine = [parts[after if p in moved else before][own][i] for i, p in enumerate(PARTS)]
            total = lambda x: sum(a * b for a, b in zip(w, x)) / sum(w)
            others = parts[after if "others" in moved else before]
            score = total(mine)
            return score, 1 + sum(round(total(x), 9) > round(score, 9) for s, x in others.items() if s != own)

        players = PARTS + ["others", "rules"]
        sums = {p: [0.0, 0.0] for p in players}
        orders = list(itertools.permutations(players))
        for order in orders:
            moved = set()
            was = value(moved)
            for player in order:
                moved = moved | {player}
                now = value(moved)
                sums[player][0] += (now[0] - was[0]) / len(orders)
                sums[player][1] += (now[1] - was[1]) / len(orders)
                was = now
        out += [(before, after, p, *sums[p]) for p in players]
    return out


def write(name, head, rows):
    with open(HERE / name, "w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(head)
        writer.writerows(rows)


ROWS = read()
write("outlook.csv", ["what", "ahead", "way", "value"], outlook(ROWS))
write("attribution.csv", ["from", "to", "part", "score", "place"], attribution(ROWS))
