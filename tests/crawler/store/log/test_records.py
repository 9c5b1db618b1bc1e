import hashlib

import pytest

from crawler.store.log.records import (
    LogError,
    TreeHead,
    canonical,
    commitment,
    parse_checkpoint,
    shown_text,
    strict_b64,
)

ZERO = "A" * 43 + "="


def test_a_text_is_what_the_page_shows() -> None:
    text = shown_text("Virsraksts", "", "Zvanīt 67000000.\n\nOtra rindkopa.")
    assert text == "Virsraksts\n\nZvanīt ••••••••.\n\nOtra rindkopa."
    assert shown_text("T", "Ievads", "B") == "T\n\nIevads\n\nB"


def test_a_commitment_covers_nonce_and_text() -> None:
    nonce = bytes(32)
    assert commitment(nonce, "ā") == hashlib.sha256(nonce + b"\xc4\x81").digest()


def test_a_leaf_is_canonical_json() -> None:
    assert canonical({"b": 1, "a": 'ā"\n\x7f\x01'}) == '{"a":"ā\\"\\n\x7f\\u0001","b":1}'.encode()


def test_a_checkpoint_says_name_size_and_root() -> None:
    assert parse_checkpoint(f"a.lv/log\n0\n{ZERO}\n\n— a.lv/log x\n") == TreeHead("a.lv/log", 0, bytes(32))


@pytest.mark.parametrize(
    "note",
    [
        "",
        f"\n0\n{ZERO}\n\n— a\n",
        f"a\n01\n{ZERO}\n\n— a\n",
        f"a\n-1\n{ZERO}\n\n— a\n",
        f"a\n²\n{ZERO}\n\n— a\n",
        "a\n1\nAA==\n\n— a\n",
        "a\n1\n!\n\n— a\n",
    ],
)
def test_what_is_no_checkpoint_is_refused(note: str) -> None:
    with pytest.raises(LogError):
        parse_checkpoint(note)


def test_bytes_have_one_form_in_base64() -> None:
    assert strict_b64("AA==") == b"\0"
    for text in ("AB==", "AA", "AA==\n", "ā"):
        with pytest.raises(LogError):
            strict_b64(text)
