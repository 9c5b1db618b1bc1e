import hashlib
import re
from dataclasses import replace

import pytest

from crawler.store.records import text_digest
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
