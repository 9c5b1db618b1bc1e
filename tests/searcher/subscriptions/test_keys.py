import os
from pathlib import Path
from string import ascii_letters, digits

import pytest

from searcher.subscriptions.keys import ID_BYTES, KeyFileError, Keys, load_keys, make_key

ID, OTHER = b"a" * ID_BYTES, b"b" * ID_BYTES
KEYS = Keys(b"k" * 32)


def test_an_address_is_read_only_with_its_key_and_its_id() -> None:
    encrypted = KEYS.encrypt(ID, "a@example.lv")
    assert KEYS.decrypt(ID, encrypted) == "a@example.lv"
    assert b"example" not in encrypted
    assert KEYS.encrypt(ID, "a@example.lv") != encrypted
    for keys, id_ in ((KEYS, OTHER), (Keys(b"x" * 32), ID)):
        with pytest.raises(KeyFileError, match="another key"):
            keys.decrypt(id_, encrypted)


def test_a_token_is_for_one_use_of_one_subscription() -> None:
    token = KEYS.token("manage", ID)
    assert KEYS.read_token("manage", token) == ID
    assert KEYS.read_token("confirm", token) is None
    assert Keys(b"x" * 32).read_token("manage", token) is None
    assert KEYS.token("manage", OTHER) != token


def test_a_token_is_spelt_in_one_way() -> None:
    token = KEYS.token("manage", ID)
    others = [token[:-1] + letter for letter in ascii_letters + digits + "-_=" if letter != token[-1]]
    assert [one for one in [*others, f"{token}=", f"{token}=="] if KEYS.read_token("manage", one)] == []


def test_digests_of_different_uses_differ() -> None:
    assert KEYS.digest("person", "a") != KEYS.digest("mailbox", "a")
    assert KEYS.digest("person", "a") != Keys(b"x" * 32).digest("person", "a")


def test_a_key_is_readable_by_its_owner_alone_and_never_replaced(tmp_path: Path) -> None:
    path = tmp_path / "key"
    make_key(path)
    assert path.stat().st_mode & 0o777 == 0o600
    load_keys(path)
    with pytest.raises(FileExistsError):
        make_key(path)


@pytest.mark.parametrize(
    ("text", "mode", "message"),
    [
        ("", 0o600, "not a key of subscriptions"),
        ("ā", 0o600, "not a key of subscriptions"),
        ("00" * 31, 0o600, "not a key of subscriptions"),
        ("00" * 33, 0o600, "not a key of subscriptions"),
        ("00" * 32, 0o640, "others than its owner may read it; `chmod 600"),
    ],
)
def test_a_wrong_file_is_reported(tmp_path: Path, text: str, mode: int, message: str) -> None:
    path = tmp_path / "key"
    path.write_text(text, encoding="utf-8")
    os.chmod(path, mode)  # noqa: PTH101 - whatever the umask is
    with pytest.raises(KeyFileError, match=message):
        load_keys(path)


def test_a_missing_file_is_reported(tmp_path: Path) -> None:
    with pytest.raises(KeyFileError, match="`releases init-mail` makes one"):
        load_keys(tmp_path / "key")
