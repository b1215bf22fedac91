"""Ranges of withheld counts by another solver (HiGHS, by way of scipy), over the tables that the tests of withholding made.

Usage: disclosure.py TABLES.json

Each table has the true `values`, which of them are `free` (not shown), the `width` that a count asks for or null, `sums` of
counts with factors that add up to zero, and `ranges`: count, least and greatest value that the program proved. Says of each
table how many counts asked, and how many of them have a range that is too narrow.
"""

import json
import math
import sys

import numpy
from scipy.optimize import linprog
from scipy.sparse import coo_matrix


def ends(table, count):
    """The least and the greatest whole value that a count can have: none above zero is too large."""
    values, free = table["values"], table["free"]
    rows, columns, factors = [], [], []
    for row, terms in enumerate(table["sums"]):
        for at, factor in terms:
            rows.append(row)
            columns.append(at)
            factors.append(factor)
    sums = coo_matrix((factors, (rows, columns)), shape=(len(table["sums"]), len(values))).tocsr()
    bounds = [(0, None) if is_free else (value, value) for value, is_free in zip(values, free)]
    for sign in (1, -1):
        goal = numpy.zeros(len(values))
        goal[count] = sign
        found = linprog(goal, A_eq=sums, b_eq=numpy.zeros(sums.shape[0]), bounds=bounds, method="highs")
        assert found.status in (0, 3), f"count {count}: {found.message}"
        if found.status == 3:
            yield math.inf
        else:
            end = sign * found.fun
            yield math.ceil(end - 1e-6) if sign > 0 else math.floor(end + 1e-6)


for number, table in enumerate(json.load(open(sys.argv[1]))):
    proven = {int(count): (low, high) for count, low, high in table["ranges"]}
    asked = [at for at, width in enumerate(table["width"]) if width is not None and table["free"][at]]
    assert set(asked) == set(proven), "the same counts ask for a range"
    narrow = 0
    for count in asked:
        low, high = ends(table, count)
        value = table["values"][count]
        assert low <= value <= high, f"table {number}, count {count}: {value} is not in {low} to {high}"
        # What is proven is possible; it need not be all that is.
        assert low <= proven[count][0] and proven[count][1] <= high, (number, count, proven[count], low, high)
        narrow += high - low < table["width"][count]
    print(f"table {number}: {len(asked)} asked, {narrow} too narrow")
