"""CSV and Parquet by DuckDB and pandas; the Data Package by frictionless; CSVW by csvw; DCAT by rdflib.

Usage: tables.py DATABASE EXPORT_FOLDER
"""

import hashlib
import json
import sys

import duckdb
import pandas
import rdflib
from csvw.metadata import TableGroup
from frictionless import Package

from published import as_row, folder, observations, same

COLUMNS = "indicator org_id period breakdown numerator denominator value missing obs_status formula".split()

database, export = folder(sys.argv[1]), folder(sys.argv[2])
expected = observations(database)
csv, parquet = export / "observations.csv", export / "observations.parquet"

table = pandas.read_csv(csv, dtype=str, keep_default_na=False)
reported = table[table["view"] == "reported"]
same("CSV, pandas", [as_row(row) for row in reported[COLUMNS].itertuples(index=False)], expected)
columns = ", ".join(COLUMNS)
rows = duckdb.sql(f"SELECT {columns} FROM '{parquet}' WHERE view = 'reported'").fetchall()
same("Parquet, DuckDB", [as_row(row) for row in rows], expected)

# Labels stand beside codes, in both languages.
labels = "indicator_vi indicator_en org_vi org_en unit vintage view".split()
assert not (reported[labels] == "").any().any(), "a label is missing"

# The Data Package: types, keys, references, sums and lists of codes.
report = Package(str(export / "datapackage.json")).validate()
assert report.valid, report.to_summary()
described = json.loads((export / "datapackage.json").read_text())
for resource in described["resources"]:
    bytes_ = (export / resource["path"]).read_bytes()
    assert resource["hash"] == "sha256:" + hashlib.sha256(bytes_).hexdigest(), resource["name"]
print(f"Data Package, frictionless: {len(report.tasks)} tables are valid")

# CSVW: each table is read by its description, which checks types and what is required; then keys and references.
group = TableGroup.from_file(export / "csv-metadata.json")
rows = 0
for described in group.tables:
    rows += sum(1 for _ in described.iterdicts(strict=True))
group.check_referential_integrity(strict=True)
print(f"CSVW, csvw: {rows} rows are valid")
wide = next(t for t in group.tables if t.url.string == "observations.csv")
found = [row for row in wide.iterdicts(strict=True) if row["view"] == "reported"]
same("CSVW, csvw", [as_row(tuple(row[name] for name in COLUMNS)) for row in found], expected)

# DCAT: what DCAT-AP asks of a data set and of its distributions.
graph = rdflib.Graph().parse(export / "dcat.jsonld", format="json-ld", publicID="https://data.example/")
DCAT, DCT = rdflib.Namespace("http://www.w3.org/ns/dcat#"), rdflib.Namespace("http://purl.org/dc/terms/")
SPDX = rdflib.Namespace("http://spdx.org/rdf/terms#")
[dataset] = graph.subjects(rdflib.RDF.type, DCAT.Dataset)
for needed in (DCT.title, DCT.description):
    assert {text.language for text in graph.objects(dataset, needed)} == {"vi", "en"}, needed
assert graph.value(dataset, DCT.publisher) is not None
distributions = list(graph.objects(dataset, DCAT.distribution))
files = {path.name for path in export.iterdir()} - {"dcat.jsonld", "manifest.json", "manifest.json.sig"}
assert len(distributions) == len(files), (len(distributions), files)
for distribution in distributions:
    assert graph.value(distribution, DCAT.accessURL) is not None
    assert graph.value(distribution, DCAT.mediaType) is not None
    name = str(graph.value(distribution, DCAT.downloadURL)).rsplit("/", 1)[-1]
    checksum = graph.value(distribution, SPDX.checksum)
    told = str(graph.value(checksum, SPDX.checksumValue)).lower()
    assert told == hashlib.sha256((export / name).read_bytes()).hexdigest(), name
print(f"DCAT, rdflib: {len(distributions)} distributions with their sums")
