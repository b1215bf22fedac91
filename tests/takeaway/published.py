"""What the views in `published` hold, read by DuckDB for Python: what every format is compared with."""

import math
import pathlib

import duckdb

OBSERVATIONS = """
    SELECT indicator, org_id, period, coalesce(breakdown, ''), numerator, denominator, value, missing, status, formula
    FROM published.observation ORDER BY ALL
"""


def observations(database):
    """Observations as tuples, sorted."""
    with duckdb.connect(str(database), read_only=True) as connection:
        return [as_row(row) for row in connection.execute(OBSERVATIONS).fetchall()]


def as_row(row):
    """Texts that are empty become None, numbers become floats, so that formats can be compared."""
    *texts, numerator, denominator, value, missing, status, formula = row
    number = lambda cell: None if cell is None or cell == "" or math.isnan(float(cell)) else float(cell)
    text = lambda cell: None if cell is None or cell != cell or cell == "" else str(cell)
    return (
        *(text(cell) or "" for cell in texts),
        number(numerator),
        number(denominator),
        number(value),
        text(missing),
        text(status),
        int(float(formula)),
    )


def same(name, found, expected):
    """Says where two lists of rows part."""
    key = lambda row: tuple(str(cell) for cell in row)
    found, expected = sorted(found, key=key), sorted(expected, key=key)
    for one, other in zip(found, expected):
        assert one == other, f"{name}: {one} is not {other}"
    assert len(found) == len(expected), f"{name}: {len(found)} rows, not {len(expected)}"
    print(f"{name}: {len(found)} rows equal `published`")


def folder(argument):
    return pathlib.Path(argument).resolve()
