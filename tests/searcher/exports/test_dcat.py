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


def test_a_dump_is_described_word_for_word() -> None:
    described = describe_dump(DUMP, [FILE])
    texts: dict[str, object] = {
        "dct:title": [
            {"@value": "Latvijas ministriju un iestāžu preses relīzes", "@language": "lv"},
            {"@value": "Press releases of Latvian ministries and agencies", "@language": "en"},
        ],
        "dct:description": [
            {
                "@value": "Visas savāktās preses relīzes: virsraksts, teksts, iestāde, diena un adrese. "
                "Tālruņa numuri un e-pasta adreses tekstos ir aizklāti.",
                "@language": "lv",
            },
            {
                "@value": "All collected press releases: title, text, institution, day and address. "
                "Telephone numbers and e-mail addresses in the texts are masked.",
                "@language": "en",
            },
        ],
        "dct:publisher": {"@type": "foaf:Agent", "foaf:name": "Preses relīzes"},
    }
    vocabulary = "http://publications.europa.eu/resource/authority"
    made = {"@value": "2026-03-01T02:00:00+00:00", "@type": "xsd:dateTime"}
    distribution = {
        "@id": "https://relizes.example.lv/dati/releases.csv",
        "@type": "dcat:Distribution",
        "dct:title": "releases.csv",
        "dct:description": {"@value": "Rows.", "@language": "en"},
        "dcat:accessURL": {"@id": "https://relizes.example.lv/dati/"},
        "dcat:downloadURL": {"@id": "https://relizes.example.lv/dati/releases.csv"},
        "dct:format": {"@id": f"{vocabulary}/file-type/CSV"},
        "dcat:mediaType": {"@id": "https://www.iana.org/assignments/media-types/text/csv"},
        "dcat:byteSize": {"@value": "7", "@type": "xsd:nonNegativeInteger"},
        "dct:modified": made,
        "spdx:checksum": {
            "@type": "spdx:Checksum",
            "spdx:algorithm": {"@id": "spdx:checksumAlgorithm_sha256"},
            "spdx:checksumValue": {"@value": FILE.sha256, "@type": "xsd:hexBinary"},
        },
        "dct:license": {"@id": "https://creativecommons.org/publicdomain/zero/1.0/"},
    }
    assert described == {
        "@context": {
            "dcat": "http://www.w3.org/ns/dcat#",
            "dct": "http://purl.org/dc/terms/",
            "foaf": "http://xmlns.com/foaf/0.1/",
            "spdx": "http://spdx.org/rdf/terms#",
            "vcard": "http://www.w3.org/2006/vcard/ns#",
            "xsd": "http://www.w3.org/2001/XMLSchema#",
        },
        "@id": "https://relizes.example.lv/dati/#catalog",
        "@type": "dcat:Catalog",
        **texts,
        "dcat:dataset": {
            "@id": "https://relizes.example.lv/dati/#dataset",
            "@type": "dcat:Dataset",
            **texts,
            "dcat:keyword": [
                {"@value": "preses relīzes", "@language": "lv"},
                {"@value": "press releases", "@language": "en"},
                {"@value": "ministrijas", "@language": "lv"},
                {"@value": "ministries", "@language": "en"},
            ],
            "dct:modified": made,
            "dct:language": [{"@id": f"{vocabulary}/language/{code}"} for code in ("LAV", "RUS")],
            "dct:accrualPeriodicity": {"@id": f"{vocabulary}/frequency/DAILY"},
            "dct:spatial": {"@id": f"{vocabulary}/country/LVA"},
            "dct:accessRights": {"@id": f"{vocabulary}/access-right/PUBLIC"},
            "dcat:theme": {"@id": f"{vocabulary}/data-theme/GOVE"},
            "dcat:distribution": [distribution],
            "dcat:contactPoint": {
                "@type": "vcard:Kind",
                "vcard:fn": "Preses relīzes",
                "vcard:hasEmail": {"@id": "mailto:bots@relizes.example.lv"},
            },
            "dcat:landingPage": {"@id": "https://relizes.example.lv/"},
            "dct:temporal": {
                "@type": "dct:PeriodOfTime",
                "dcat:startDate": {"@value": "2009-01-02", "@type": "xsd:date"},
                "dcat:endDate": {"@value": "2026-02-28", "@type": "xsd:date"},
            },
        },
    }


def test_a_period_is_described_only_if_both_its_ends_are_known() -> None:
    for half in (replace(DUMP, first=None), replace(DUMP, last=None)):
        assert "dct:temporal" not in {name for node in nodes(describe_dump(half, [])) for name in node}


def test_languages_are_named_in_order_as_the_union_does() -> None:
    dataset: Any = describe_dump(replace(DUMP, languages=frozenset({"ru", "lv", "en"})), [])["dcat:dataset"]
    assert [one["@id"].rpartition("/")[2] for one in dataset["dct:language"]] == ["ENG", "LAV", "RUS"]
