"""What crawl, takedown, undo and restore leave in the log, as strangers verify it."""

import base64
import hashlib
import json
import shutil
import signal
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from crawler.page import Page
from crawler.store import Store
from crawler.store.log import continuation
from crawler.store.log.checkpoint import signing_key_of
from crawler.store.log.continuation import resume
from crawler.store.log.log_rows import LogRows
from crawler.store.log.records import LogError, b64, canonical, shown_text
from crawler.store.log.tiles import unbundle
from crawler.store.log.verification import faults_of
from crawler.store.pages import Pages
from crawler.store.rollback import roll_back
from tests.support.children import run_bounded
from tests.support.kept_log import KeptLog, days, init_log, invented, keep_log
from tests.support.logs import load_verifier
from tests.support.stored_release import DAY, ID, RELEASE

VERIFIER = load_verifier()
EDITED = replace(RELEASE, body="Šodien nodotas divdesmit automašīnas.\n\nZvanīt 67000000.")


def leaves(kept: KeptLog) -> list[dict[str, Any]]:
    files = kept.files()
    bundles = [files[path] for path in sorted(files) if path.startswith("tile/entries/")]
    return [json.loads(entry) for one in bundles for entry in unbundle(one)]


def verify(kept: KeptLog, *olds: str) -> int:
    files = kept.files()
    size: int = VERIFIER.verify_log(files["vkey"].decode(), files.__getitem__, olds)
    return size


def test_each_version_is_a_leaf_with_its_times(kept: KeptLog) -> None:
    kept.save(RELEASE)
    assert kept.extend() == 1
    kept.save(EDITED, seen=days(2))
    assert kept.extend() == 1
    first, second = leaves(kept)
    assert (first["kind"], first["version"], first["since"]) == ("first", 1, "2026-03-01T09:00:00Z")
    assert (second["kind"], second["version"], second["since"]) == ("edit", 2, "2026-03-03T09:00:00Z")
    assert {first["release"], second["release"]} == {ID}
    assert first["url"] == RELEASE.url
    assert verify(kept) == 2


def test_strangers_can_check_the_text_of_each_version(kept: KeptLog) -> None:
    kept.save(RELEASE)
    kept.save(EDITED, seen=days(2))
    kept.extend()
    vkey = kept.files()["vkey"].decode()
    for number, release in enumerate((RELEASE, EDITED), 1):
        proof = kept.proof(ID, number)
        assert proof is not None
        text = shown_text(release.title, release.lead, release.body)
        assert VERIFIER.verify_text(vkey, proof, text.encode())[0]["version"] == number
        assert "67000000" not in text
        assert len(proof) < 1000


def test_nothing_new_is_no_new_checkpoint(kept: KeptLog) -> None:
    kept.save(RELEASE)
    kept.extend()
    before = kept.folder.checkpoint()
    kept.save(RELEASE, seen=days(1))
    assert kept.extend() == 0
    assert kept.folder.checkpoint() == before


def test_the_log_grows_over_many_crawls_and_tiles(kept: KeptLog) -> None:
    olds = []
    for first, count in ((0, 3), (3, 252), (255, 1), (256, 1), (257, 300)):
        kept.save(*invented(count, first=first))
        assert kept.extend() == count
        olds.append(kept.folder.checkpoint())
        assert verify(kept, *olds) == first + count


def test_versions_older_than_the_log_are_imported(kept: KeptLog) -> None:
    kept.save(RELEASE)
    kept.extend(began=days(1))
    kept.save(EDITED, seen=days(2))
    kept.extend(began=days(2))
    assert [leaf.get("imported") for leaf in leaves(kept)] == [True, None]


def test_a_text_that_was_held_when_the_log_began_is_not_older_than_the_log(kept: KeptLog) -> None:
    kept.save(RELEASE)
    kept.extend(began=days(2))
    with kept.open() as store:
        store.save(EDITED, seen=days(3), read=days(1))
        Pages(store).keep(RELEASE.url, replace(PAGE, fetched=days(3)))
    kept.extend(began=days(3))
    _, leaf = leaves(kept)
    assert (leaf["since"], leaf.get("imported")) == (f"{days(1):%Y-%m-%dT%H:%M:%SZ}", None)
    assert "response_commitment" in leaf


PAGE = Page(
    requested_url=RELEASE.url,
    url=RELEASE.url,
    status=200,
    headers={},
    body=b"<h1>Jaunums</h1>",
    fetched=DAY,
    chain=(RELEASE.url,),
)
DIGEST = hashlib.sha256(PAGE.body).digest()


def test_a_leaf_commits_to_the_digest_of_its_response(kept: KeptLog) -> None:
    with kept.open() as store:
        store.save(RELEASE, seen=days(0))
        Pages(store).keep(RELEASE.url, PAGE)
    kept.extend()
    with kept.open() as store:  # fetched again, after the edit
        store.save(EDITED, seen=days(1))
        Pages(store).keep(RELEASE.url, replace(PAGE, fetched=days(2)))
    kept.extend()
    with kept.open() as store:
        opening = LogRows(store).response_opening(RELEASE.url, DIGEST)
        assert LogRows(store).response_opening(RELEASE.url, bytes(32)) is None
    assert opening is not None
    assert (opening.version, opening.position) == (1, 0)
    right = b64(hashlib.sha256(opening.response_nonce + DIGEST).digest())
    assert [leaf.get("response_commitment") for leaf in leaves(kept)] == [right, None]


def test_what_is_public_does_not_let_anyone_guess_the_response(kept: KeptLog) -> None:
    with kept.open() as store:
        store.save(RELEASE, seen=days(0))
        Pages(store).keep(RELEASE.url, PAGE)
    kept.extend()
    proof = json.loads(kept.proof(ID) or b"")
    [leaf] = leaves(kept)
    nonce = base64.b64decode(proof["nonce"])
    assert len(nonce) == 32
    guesses = [PAGE.body, DIGEST, nonce + DIGEST, nonce + PAGE.body]
    hashes = {b64(hashlib.sha256(guess).digest()) for guess in guesses} | {b64(DIGEST)}
    assert hashes.isdisjoint(map(str, leaf.values()))


def test_a_log_with_leaves_of_the_older_form_goes_on(kept: KeptLog) -> None:
    """Its leaves have the digest itself, and one nonce of 32 bytes each."""
    kept.save(RELEASE)
    kept.extend()
    with kept.open() as store, store.transaction():
        [old] = leaves(kept)
        entry = canonical(old | {"response": b64(DIGEST)})
        for table in ("log_leaf", "log_tile"):
            store.execute(f"DELETE FROM {table}")
        LogRows(store).append([entry])
        key = signing_key_of(kept.folder)
        kept.folder.publish(key.sign(1, LogRows(store).root(1)))
        assert store.rows("SELECT length(nonce) FROM log_nonce") == [(32,)]
        assert LogRows(store).response_opening(RELEASE.url, DIGEST) is None
    note = kept.folder.checkpoint()
    kept.save(EDITED, seen=days(1))
    assert kept.extend() == 1
    assert verify(kept, note) == 2
    assert kept.proof(ID, 1) is not None
    with kept.open() as store:
        assert [*faults_of(store, kept.folder)] == []


def test_a_takedown_leaves_the_commitment_and_nothing_that_opens_it(kept: KeptLog) -> None:
    kept.save(RELEASE)
    kept.save(EDITED, seen=days(1))
    kept.extend()
    before = leaves(kept)
    with kept.open() as store:
        store.hide(RELEASE.url, seen=days(2))
    assert kept.extend() == 0
    assert kept.proof(ID, 1) is None
    assert kept.proof(ID, 2) is None
    with kept.open() as store:
        assert store.rows("SELECT count(*) FROM log_nonce") == [(0,)]
    assert leaves(kept) == before
    assert verify(kept) == 2


def test_a_release_merged_into_a_hidden_one_loses_its_nonces(kept: KeptLog) -> None:
    other = replace(EDITED, url=f"{RELEASE.url}-2")
    kept.save(RELEASE, other)
    kept.extend()
    with kept.open() as store:
        store.hide(other.url, seen=days(1))
        store.add_addresses(
            store.rows("SELECT id FROM release WHERE url = ?", other.url)[0][0], [RELEASE.url], seen=days(2)
        )
        assert store.rows("SELECT count(*) FROM log_nonce") == [(0,)]
    assert kept.extend() == 0


def test_what_is_hidden_is_logged_when_it_is_shown_again(kept: KeptLog) -> None:
    kept.save(RELEASE)
    kept.extend()
    with kept.open() as store:
        store.hide(RELEASE.url, seen=days(1))
        store.unhide(RELEASE.url, seen=days(2))
    assert kept.extend() == 1
    first, second = leaves(kept)
    assert first["commitment"] != second["commitment"]
    assert json.loads(kept.proof(ID) or b"")["index"] == 1


def test_an_undo_is_a_version_of_its_own(kept: KeptLog) -> None:
    kept.save(RELEASE)
    kept.save(EDITED, seen=days(1))
    kept.extend()
    with kept.open() as store:
        roll_back(store, "iem", since=days(1), seen=days(2))
    assert kept.extend() == 1
    assert leaves(kept)[-1]["kind"] == "withdrawal"
    assert verify(kept) == 3


def test_other_rules_of_masking_log_only_texts_that_they_change(
    kept: KeptLog, monkeypatch: pytest.MonkeyPatch
) -> None:
    plain, numbered = invented(2)
    kept.save(plain, replace(numbered, body="Zvanīt 67000000."))
    kept.extend()
    monkeypatch.setattr(continuation, "MASKING", 2)
    monkeypatch.setattr(continuation, "shown_text", lambda *parts: shown_text(*parts).replace("•", "*"))
    assert kept.extend() == 1
    assert leaves(kept)[-1]["url"] == numbered.url
    assert kept.extend() == 0


def test_leaves_that_a_killed_crawl_left_are_signed_by_the_next(kept: KeptLog) -> None:
    kept.save(RELEASE)
    kept.extend()
    old = kept.folder.checkpoint()
    kept.save(EDITED, seen=days(1))
    kept.extend()
    kept.folder.publish(old)  # killed before it
    assert kept.proof(ID, 2) is None
    assert kept.extend() == 1
    assert verify(kept, old) == 2


# Extends the log until the statement of that number, and dies of it like a power cut.
KILLED = """
import os, signal, sys
from pathlib import Path
from crawler.store import Store
from crawler.store.log.continuation import extend
from crawler.store.log.log_folder import LogFolder
from tests.support.stored_release import DAY
path, left = Path(sys.argv[1]), int(sys.argv[2])
def count(statement):
    global left
    left -= 1
    if left < 0:
        os.kill(os.getpid(), signal.SIGKILL)
with Store(path) as store:
    store._db.set_trace_callback(count)
    extend(store, LogFolder(path.parent / "log"), began=DAY)
"""


@pytest.mark.sweep
def test_a_crawl_killed_at_any_moment_leaves_a_log_that_the_next_continues(kept: KeptLog) -> None:
    olds, size = [kept.folder.checkpoint()], 0
    for count, moment in enumerate((2, 9, 300, 1100, 1300, 1900, 2100)):
        kept.save(*invented(300, first=300 * count))
        size += 300
        command = [sys.executable, "-c", KILLED, kept.path, str(moment)]
        killed = run_bounded(command, cwd=Path(__file__).parents[4])
        assert killed.returncode == -signal.SIGKILL
        assert verify(kept, *olds) <= size
        kept.extend()
        assert verify(kept, *olds) == size
        olds.append(kept.folder.checkpoint())


# --- Restores ---


@pytest.fixture
def restored(kept: KeptLog, tmp_path: Path) -> KeptLog:
    """A log of three leaves whose store is that of an older backup with two; the rest is in `export`."""
    kept.save(*invented(2))
    kept.extend()
    shutil.copy(kept.path, tmp_path / "backup")
    kept.save(*invented(1, first=2))
    kept.extend()
    kept.export(tmp_path / "export")
    shutil.copy(tmp_path / "backup", kept.path)
    return kept


def test_nothing_is_appended_behind_the_last_checkpoint(restored: KeptLog) -> None:
    before = restored.folder.checkpoint()
    restored.save(*invented(4, first=10))
    with pytest.raises(LogError, match="has 2 of the 3 leaves that were published; `releases log resume"):
        restored.extend()
    assert (restored.size(), restored.folder.checkpoint()) == (2, before)


def test_a_restored_log_continues_from_an_export(restored: KeptLog, tmp_path: Path) -> None:
    last = restored.folder.checkpoint()
    with restored.open() as store:
        assert resume(store, restored.folder, tmp_path / "export") == 1
        assert resume(store, restored.folder, tmp_path / "export") == 0
    restored.save(*invented(4, first=10))
    assert restored.extend() == 4
    assert verify(restored, last) == 7


def test_a_missing_checkpoint_is_brought_back(restored: KeptLog, tmp_path: Path) -> None:
    last = restored.folder.checkpoint()
    restored.folder.checkpoint_path.unlink()
    with pytest.raises(LogError, match="the last checkpoint of the log is missing"):
        restored.extend()
    with restored.open() as store:
        resume(store, restored.folder, tmp_path / "export")
    assert restored.folder.checkpoint() == last


def test_an_export_older_than_the_last_checkpoint_would_fork_the_log(kept: KeptLog, tmp_path: Path) -> None:
    shutil.copy(kept.path, tmp_path / "backup")
    kept.save(*invented(1))
    kept.extend()
    export = kept.export(tmp_path / "export")
    kept.save(*invented(1, first=1))
    kept.extend()
    shutil.copy(tmp_path / "backup", kept.path)
    with kept.open() as store, pytest.raises(LogError, match="has 1 of the 2 leaves"):
        resume(store, kept.folder, export)
    assert kept.size() == 0


def test_a_forked_store_never_continues(restored: KeptLog, tmp_path: Path) -> None:
    last = restored.folder.checkpoint()
    restored.folder.publish(restored_checkpoint(restored))
    restored.save(*invented(1, first=20))
    restored.extend()  # the operator put an old checkpoint in place, too
    with restored.open() as store, pytest.raises(LogError, match="has not the leaves of the store"):
        resume(store, restored.folder, tmp_path / "export")
    restored.folder.publish(last)
    with pytest.raises(LogError, match="not the one that was published"):
        restored.extend()


def restored_checkpoint(kept: KeptLog) -> str:
    key = signing_key_of(kept.folder)
    with kept.open() as store:
        return key.sign(2, LogRows(store).root(2))


def test_the_export_of_another_log_is_refused(restored: KeptLog, tmp_path: Path) -> None:
    other = keep_log(tmp_path / "other")
    other.save(*invented(9))
    other.extend()
    with restored.open() as store, pytest.raises(LogError, match="not signed by the key"):
        resume(store, restored.folder, other.export(tmp_path / "others"))


@pytest.mark.parametrize("name", ["tile/entries/000.p/3", "checkpoint"])
def test_a_damaged_export_is_refused(restored: KeptLog, tmp_path: Path, name: str) -> None:
    path = tmp_path / "export" / name
    content = path.read_bytes()
    for place in (1, 9, len(content) - 3):
        path.write_bytes(content[:place] + bytes([content[place] ^ 1]) + content[place + 1 :])
        with restored.open() as store, pytest.raises(LogError):
            resume(store, restored.folder, tmp_path / "export")
    assert restored.size() == 2


def test_the_checkpoint_of_another_key_is_refused(kept: KeptLog) -> None:
    note = kept.folder.checkpoint()
    kept.folder.key_path.unlink()
    init_log(kept.folder)
    kept.folder.publish(note)
    kept.save(RELEASE)
    with pytest.raises(LogError, match="not signed by the key"):
        kept.extend()


def test_a_store_without_a_log_has_empty_tables(tmp_path: Path) -> None:
    with Store(tmp_path / "releases.sqlite3") as store:
        store.save(RELEASE, seen=DAY)
        store.hide(RELEASE.url, seen=DAY)
        assert LogRows(store).size() == 0
