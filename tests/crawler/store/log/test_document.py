"""The examples of docs/log.md are right."""

import re
from pathlib import Path

from crawler.store.log.checkpoint import VerifierKey
from tests.support.logs import load_verifier

DOCUMENT = (Path(__file__).parents[4] / "docs" / "log.md").read_text(encoding="utf-8")
CHECKPOINT, VKEY = re.findall(r"```text\n(.*?)```", DOCUMENT, re.DOTALL)
[PROOF] = re.findall(r"```json\n(.*?)\n```", DOCUMENT, re.DOTALL)
TEXT = "Cenas nemainās\n\nBraukšanas maksa ir 1,50 eiro."


def test_the_key_signs_the_checkpoint() -> None:
    assert VerifierKey.parse(VKEY).open(CHECKPOINT).size == 2


def test_the_proof_proves_the_text() -> None:
    leaf, size = load_verifier().verify_text(VKEY, PROOF.encode(), TEXT.encode())
    assert (leaf["release"], leaf["version"], size) == ("iem-ec9999a178", 2, 2)
