"""Nothing that is withheld stands in any file of an export, in the cell where it would stand.

Usage: withheld.py DATABASE EXPORT_FOLDER
"""

import csv
import json
import sys

import duckdb
import lxml.etree
import openpyxl

from published import folder

database, export = folder(sys.argv[1]), folder(sys.argv[2])
with duckdb.connect(str(database), read_only=True) as connection:
    withheld = set(connection.execute("SELECT indicator, org_id, period, breakdown FROM out.withheld").fetchall())
assert withheld, "nothing is withheld"


def judge(name, rows):
    """Rows of keys, counts and the reason: of each number that is withheld there is one, and it is empty."""
    found = {}
    for *key, numerator, denominator, value, missing in rows:
        key = tuple(cell or "" for cell in key)
        if key in withheld:
            assert key not in found, f"{name}: {key} stands twice"
            found[key] = [cell for cell in (numerator, denominator, value) if cell not in (None, "", "NaN")]
            assert missing == "withheld" and not found[key], f"{name}: {key} shows {found[key]}, {missing}"
    assert len(found) == len(withheld), f"{name}: {len(withheld) - len(found)} are not there"
    print(f"{name}: {len(found)} withheld numbers are empty")


COLUMNS = "indicator org_id period breakdown numerator denominator value missing view".split()


def reported(rows):
    return (row[:-1] for row in rows if row[-1] == "reported")


with open(export / "observations.csv", newline="", encoding="utf-8") as file:
    judge("CSV", reported([row[name] for name in COLUMNS] for row in csv.DictReader(file)))
names = ", ".join(COLUMNS)
judge("Parquet", reported(duckdb.sql(f"SELECT {names} FROM '{export / 'observations.parquet'}'").fetchall()))

sheet = openpyxl.load_workbook(export / "observations.xlsx", read_only=True)["Data"].iter_rows(values_only=True)
heads = list(next(sheet))
judge("workbook", reported([row[heads.index(name)] for name in COLUMNS] for row in sheet))

# What the codes of SDMX are called elsewhere.
own = {"": "", "_T": ""}
spaces = {
    "s": "http://www.sdmx.org/resources/sdmxml/schemas/v3_0/structure",
    "c": "http://www.sdmx.org/resources/sdmxml/schemas/v3_0/common",
}
for code in lxml.etree.parse(str(export / "sdmx-structure.xml")).iterfind(".//s:Code", spaces):
    title = code.find("c:Annotations/c:Annotation/c:AnnotationTitle", spaces)
    own.setdefault(code.get("id"), code.get("id") if title is None else title.text)
SDMX = "INDICATOR ORGANISATION PERIOD BREAKDOWN NUMERATOR DENOMINATOR OBS_VALUE MISSING VIEW".split()


def in_own_words(rows):
    for row in rows:
        yield [own[row[0]], own[row[1]], row[2], own[row[3]], *row[4:]]


with open(export / "sdmx-data.csv", newline="", encoding="utf-8") as file:
    judge("SDMX-CSV", in_own_words(reported([row[name] for name in SDMX] for row in csv.DictReader(file))))

text = json.loads((export / "sdmx-data.json").read_text())
[shape], [dataset] = text["data"]["structures"], text["data"]["dataSets"]
dimensions = sorted(shape["dimensions"]["observation"], key=lambda one: one["keyPosition"])
components = shape["measures"]["observation"] + shape["attributes"]["observation"]
pick = lambda component, place: (lambda one: one.get("id", one.get("value")))(component["values"][place])


def of_json():
    for key, cells in dataset["observations"].items():
        row = {one["id"]: pick(one, int(place)) for one, place in zip(dimensions, key.split(":"))}
        for component, cell in zip(components, cells + [None] * (len(components) - len(cells))):
            row[component["id"]] = pick(component, cell) if "values" in component and cell is not None else cell
        yield [row[name] for name in SDMX]


judge("SDMX-JSON", in_own_words(reported(of_json())))

# The DuckDB file: whatever table has such keys has no count for them.
with duckdb.connect(str(export / "takeaway.duckdb"), read_only=True) as connection:
    tables = connection.execute("""
        SELECT table_name, list(column_name) FROM duckdb_columns() WHERE schema_name = 'published' GROUP BY ALL
        HAVING list_has_all(list(column_name), ['indicator', 'org_id', 'period', 'breakdown']) ORDER BY ALL
    """).fetchall()
    assert len(tables) > 3, tables
    counts = "numerator denominator value previous_numerator previous_denominator previous_value difference usual score".split()
    for table, columns in tables:
        # The map of another day is judged by the sums that it withholds itself.
        if table == "restated":
            continue
        asked = [name for name in counts if name in columns]
        rows = f"SELECT indicator, org_id, period, breakdown, coalesce({', '.join(asked + ['NULL'])}) FROM published.{table}"
        for *key, shown in connection.execute(rows).fetchall():
            assert shown is None or tuple(cell or "" for cell in key) not in withheld, (table, key, shown)
        print(f"takeaway.duckdb, {table}: nothing withheld among {asked}")
    judge("takeaway.duckdb", connection.execute(f"SELECT {', '.join(COLUMNS[:-1])} FROM published.observation").fetchall())
