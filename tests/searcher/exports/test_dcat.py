from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

from searcher.exports.dcat import Dump, DumpFile, describe_dump

DUMP = Dump(
    address="https://relizes.example.lv/dati/",
    publisher="Preses relīzes",
    contact="bots@relizes.example.lv",
    page="https://relizes.example.lv",
    licence="https://creativecommons.org/publicdomain/zero/1.0/",
    made=datetime(2026, 3, 1, 2, tzinfo=UTC),
    languages=frozenset({"lv", "ru"}),
    first=date(2009, 1, 2),
    last=date(2026, 2, 28),
)
FILE = DumpFile(
    name="releases.csv", bytes=7, sha256="0" * 64, mime_type="text/csv", file_type="CSV", schema="Rows."
)
# The classes of DCAT-AP 3 that we use, and the properties that each must have.
MANDATORY = {
    "dcat:Catalog": {"dct:title", "dct:description", "dct:publisher", "dcat:dataset"},
    "dcat:Dataset": {"dct:title", "dct:description"},
    "dcat:Distribution": {"dcat:accessURL"},
    "foaf:Agent": {"foaf:name"},
    "spdx:Checksum": {"spdx:algorithm", "spdx:checksumValue"},
    "dct:PeriodOfTime": set(),
    "vcard:Kind": set(),
}


def nodes(value: Any) -> list[dict[str, Any]]:
    if isinstance(value, list):
        return [node for one in value for node in nodes(one)]
    if isinstance(value, dict):
        return [value, *(node for one in value.values() for node in nodes(one))]
    return []


def test_every_node_has_what_its_class_must_have() -> None:
    described = describe_dump(DUMP, [FILE])
    typed = [node for node in nodes(described) if str(node.get("@type", "")) in MANDATORY]
    assert {node["@type"] for node in typed} == {*MANDATORY}
    for node in typed:
        assert MANDATORY[node["@type"]] <= {*node}


def test_every_prefix_is_declared() -> None:
    described = describe_dump(DUMP, [FILE])
    context = described["@context"]
    assert isinstance(context, dict)
    names = {name for node in nodes(described) if node is not context for name in node if ":" in name}
    assert {name.partition(":")[0] for name in names} <= {*context}


def test_what_is_not_known_is_left_out() -> None:
    bare = replace(DUMP, contact="", page="", licence="", first=None, last=None)
    names = {name for node in nodes(describe_dump(bare, [FILE])) for name in node}
    assert {"dcat:contactPoint", "dcat:landingPage", "dct:license", "dct:temporal"} & names == set()


def test_a_file_is_described_by_address_size_and_checksum() -> None:
    (node,) = [one for one in nodes(describe_dump(DUMP, [FILE])) if one.get("@type") == "dcat:Distribution"]
    assert node["dcat:downloadURL"] == {"@id": "https://relizes.example.lv/dati/releases.csv"}
    assert node["dcat:byteSize"]["@value"] == "7"
    assert node["spdx:checksum"]["spdx:checksumValue"]["@value"] == FILE.sha256
