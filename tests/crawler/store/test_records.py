import hashlib
import re
from dataclasses import replace

import pytest

from crawler.store.records import dump_release, has_same_content, load_release, text_digest
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
