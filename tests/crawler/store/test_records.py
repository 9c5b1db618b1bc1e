import hashlib
import json
import re
from dataclasses import fields, replace
from datetime import date
from typing import Any

import pytest

from crawler.store.records import (
    Attachment,
    Release,
    dump_release,
    field_by_field,
    has_same_content,
    load_release,
    release_id,
    text_digest,
    text_of,
)
from tests.support.stored_release import RELEASE


@pytest.mark.parametrize(
    "text",
    ["Mazs_vārds, (liels) 12.03.2026; e-pasts: a@b.lv", "²³ ½ Ⅻ\u0301x\u00ad\u200by\x1fz", "", " .,\n\n—"],
)
def test_digest_of_a_text_is_of_its_words(text: str) -> None:
    # It must never change: stores contain the digest of every release.
    words = re.findall(r"\w+", f"{RELEASE.title} {RELEASE.lead} {text}".lower())
    expected = hashlib.sha256(" ".join([*words, "2026-02-27"]).encode()).hexdigest()
    assert text_digest(replace(RELEASE, body=text)) == expected


@pytest.mark.parametrize("address", [None, f"{RELEASE.url}/", "https://www.iem.example/x?id=1"])
def test_a_release_is_opened_at_the_address_that_answered(address: str | None) -> None:
    answered = replace(RELEASE, address=address)
    assert answered.original == (address or RELEASE.url)
    assert has_same_content(answered, RELEASE)
    assert load_release(dump_release(answered)) == answered


@pytest.mark.parametrize(
    "change", [{"title": "Cits"}, {"contact": "Cits"}, {"published": None}, {"category": "Cita"}]
)
def test_another_field_is_another_content(change: dict[str, object]) -> None:
    assert not has_same_content(replace(RELEASE, **change), RELEASE)  # type: ignore[arg-type]  # fields of a release


FULL = replace(
    RELEASE,
    structure='{"rules":1}',
    lead="Ievads.",
    contact="Anna, 67000000",
    updated=date(2026, 2, 28),
    category="Ziņas",
    attachments=(
        Attachment(url="https://www.iem.example/a.pdf", title="A", text="Pirmais.", kind="PDF", size=5),
        Attachment(url="https://www.iem.example/b.pdf", title="B"),
    ),
    translations=("https://www.iem.example/en/x", "https://www.iem.example/ru/x"),
    machine_translated=True,
    rules=(("body", "article"), ("title", "h1")),
    address=f"{RELEASE.url}/",
)


def test_fields_are_listed_in_their_order_with_the_rule_that_found_them() -> None:
    assert list(field_by_field(FULL)) == [
        ("url", RELEASE.url, ""),
        ("language", "lv", ""),
        ("title", RELEASE.title, "h1"),
        ("lead", "Ievads.", ""),
        ("body", RELEASE.body, "article"),
        ("contact", "Anna, 67000000", ""),
        ("published", "2026-02-27", ""),
        ("published_source", "time", ""),
        ("published_confidence", "high", ""),
        ("updated", "2026-02-28", ""),
        ("category", "Ziņas", ""),
        ("attachments", "https://www.iem.example/a.pdf\nhttps://www.iem.example/b.pdf", ""),
        ("translations", "https://www.iem.example/en/x\nhttps://www.iem.example/ru/x", ""),
        ("machine_translated", "True", ""),
    ]


def test_a_field_without_a_value_is_listed_as_empty() -> None:
    values = {name: value for name, value, _ in field_by_field(replace(RELEASE, published=None))}
    assert [values[name] for name in ("published", "updated", "category", "attachments")] == [""] * 4
    assert values["machine_translated"] == "False"


def test_a_release_is_written_as_json_and_read_back() -> None:
    record = json.loads(dump_release(FULL))
    assert [*record] == [field.name for field in fields(Release)]
    assert record["attachments"][0] == {
        "url": "https://www.iem.example/a.pdf",
        "title": "A",
        "text": "Pirmais.",
        "kind": "PDF",
        "size": 5,
    }
    assert (record["published"], record["rules"][0]) == ("2026-02-27", ["body", "article"])
    assert load_release(dump_release(FULL)) == FULL


def test_a_record_without_a_field_is_refused() -> None:
    record = json.loads(dump_release(FULL))
    del record["title"]
    with pytest.raises(ValueError, match="title"):
        load_release(json.dumps(record))


@pytest.mark.parametrize("name", [field.name for field in fields(Release)])
def test_only_rules_and_the_address_that_answered_are_not_content(name: str) -> None:
    other = replace(
        FULL,
        **{
            name: getattr(
                replace(
                    RELEASE,
                    url="x",
                    site="x",
                    ministry="x",
                    language="en",
                    title="x",
                    body="x",
                    published=None,
                    published_source="none",
                    published_confidence="low",
                ),
                name,
            )
        },
    )
    assert has_same_content(FULL, other) is (name in ("rules", "address"))


@pytest.mark.parametrize(
    ("change", "is_same"),
    [
        ({"lead": "Šodien nodotas desmit", "body": "automašīnas.\n\nTās brauks Latgalē."}, True),
        ({"body": RELEASE.body.upper()}, True),
        ({"body": RELEASE.body.replace("desmit", "divdesmit")}, False),
        ({"body": RELEASE.body.replace("nodotas desmit", "desmit nodotas")}, False),
        ({"lead": "Ievads."}, False),
        ({"title": "Ugunsdzēsēji saņem automašīnas"}, False),
        ({"published": date(2026, 2, 28)}, False),
        ({"published": None}, False),
        ({"url": "x", "contact": "x", "category": "x", "language": "en", "site": "x"}, True),
    ],
)
def test_a_text_is_known_by_its_words_and_day(change: dict[str, Any], *, is_same: bool) -> None:
    assert (text_digest(replace(RELEASE, **change)) == text_digest(RELEASE)) is is_same


def test_a_revision_keeps_title_lead_body_and_day() -> None:
    assert text_of(FULL) == (RELEASE.title, "Ievads.", RELEASE.body, date(2026, 2, 27))


def test_an_id_is_of_site_and_address() -> None:
    digest = hashlib.sha256(b"https://a.lv/x").hexdigest()
    assert release_id("iem", "https://a.lv/x") == f"iem-{digest[:10]}"
    assert release_id("mod", "https://a.lv/x", digits=64) == f"mod-{digest}"
