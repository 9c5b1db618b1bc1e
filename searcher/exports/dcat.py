"""The description of a dump for catalogues of open data: DCAT-AP 3, as JSON-LD.

Source: https://semiceu.github.io/DCAT-AP/releases/3.0.0/
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

_AUTHORITY = "http://publications.europa.eu/resource/authority"
_LANGUAGES = {"lv": "LAV", "en": "ENG", "ru": "RUS"}
_CONTEXT = {
    "dcat": "http://www.w3.org/ns/dcat#",
    "dct": "http://purl.org/dc/terms/",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "spdx": "http://spdx.org/rdf/terms#",
    "vcard": "http://www.w3.org/2006/vcard/ns#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}
_TITLES = {
    "lv": "Latvijas ministriju un iestāžu preses relīzes",
    "en": "Press releases of Latvian ministries and agencies",
}
_DESCRIPTIONS = {
    "lv": "Visas savāktās preses relīzes: virsraksts, teksts, iestāde, diena un adrese. "
    "Tālruņa numuri un e-pasta adreses tekstos ir aizklāti.",
    "en": "All collected press releases: title, text, institution, day and address. "
    "Telephone numbers and e-mail addresses in the texts are masked.",
}
_KEYWORDS = (
    {"lv": "preses relīzes", "en": "press releases"},
    {"lv": "ministrijas", "en": "ministries"},
)


@dataclass(frozen=True, slots=True, kw_only=True)
class DumpFile:
    """A file of the dump."""

    name: str
    bytes: int
    sha256: str
    mime_type: str
    file_type: str
    """Its name among the file types of the EU Vocabularies."""
    schema: str
    """A description of its rows, in English."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Dump:
    """The facts about a dump as a whole."""

    address: str
    """The address of the folder with its files, with a slash at the end."""
    publisher: str
    contact: str
    """An e-mail address; may be empty."""
    page: str
    """The public address of the service; may be empty."""
    licence: str
    """The address of the licence; may be empty."""
    made: datetime
    languages: frozenset[str]
    first: date | None
    last: date | None


def describe_dump(dump: Dump, files: Iterable[DumpFile]) -> dict[str, object]:
    """Return the description of a *dump* with these *files*."""
    publisher = {"@type": "foaf:Agent", "foaf:name": dump.publisher}
    dataset: dict[str, object] = {
        "@id": f"{dump.address}#dataset",
        "@type": "dcat:Dataset",
        "dct:title": _in_languages(_TITLES),
        "dct:description": _in_languages(_DESCRIPTIONS),
        "dcat:keyword": [one for words in _KEYWORDS for one in _in_languages(words)],
        "dct:publisher": publisher,
        "dct:modified": _typed(dump.made.isoformat(timespec="seconds"), "dateTime"),
        "dct:language": [_authority("language", _LANGUAGES[one]) for one in sorted(dump.languages)],
        "dct:accrualPeriodicity": _authority("frequency", "DAILY"),
        "dct:spatial": _authority("country", "LVA"),
        "dct:accessRights": _authority("access-right", "PUBLIC"),
        "dcat:theme": _authority("data-theme", "GOVE"),
        "dcat:distribution": [_distribution(dump, file) for file in files],
    }
    if dump.contact:
        mail = {"@id": f"mailto:{dump.contact}"}
        dataset["dcat:contactPoint"] = {
            "@type": "vcard:Kind",
            "vcard:fn": dump.publisher,
            "vcard:hasEmail": mail,
        }
    if dump.page:
        dataset["dcat:landingPage"] = {"@id": f"{dump.page}/"}
    if dump.first and dump.last:
        dataset["dct:temporal"] = {
            "@type": "dct:PeriodOfTime",
            "dcat:startDate": _typed(dump.first.isoformat(), "date"),
            "dcat:endDate": _typed(dump.last.isoformat(), "date"),
        }
    return {
        "@context": _CONTEXT,
        "@id": f"{dump.address}#catalog",
        "@type": "dcat:Catalog",
        "dct:title": _in_languages(_TITLES),
        "dct:description": _in_languages(_DESCRIPTIONS),
        "dct:publisher": publisher,
        "dcat:dataset": dataset,
    }


def _distribution(dump: Dump, file: DumpFile) -> dict[str, object]:
    distribution: dict[str, object] = {
        "@id": dump.address + file.name,
        "@type": "dcat:Distribution",
        "dct:title": file.name,
        "dct:description": {"@value": file.schema, "@language": "en"},
        "dcat:accessURL": {"@id": dump.address},
        "dcat:downloadURL": {"@id": dump.address + file.name},
        "dct:format": _authority("file-type", file.file_type),
        "dcat:mediaType": {"@id": f"https://www.iana.org/assignments/media-types/{file.mime_type}"},
        "dcat:byteSize": _typed(str(file.bytes), "nonNegativeInteger"),
        "dct:modified": _typed(dump.made.isoformat(timespec="seconds"), "dateTime"),
        "spdx:checksum": {
            "@type": "spdx:Checksum",
            "spdx:algorithm": {"@id": "spdx:checksumAlgorithm_sha256"},
            "spdx:checksumValue": _typed(file.sha256, "hexBinary"),
        },
    }
    if dump.licence:
        distribution["dct:license"] = {"@id": dump.licence}
    return distribution


def _in_languages(texts: dict[str, str]) -> list[dict[str, str]]:
    return [{"@value": text, "@language": language} for language, text in texts.items()]


def _typed(value: str, kind: str) -> dict[str, str]:
    return {"@value": value, "@type": f"xsd:{kind}"}


def _authority(table: str, name: str) -> dict[str, str]:
    return {"@id": f"{_AUTHORITY}/{table}/{name}"}
