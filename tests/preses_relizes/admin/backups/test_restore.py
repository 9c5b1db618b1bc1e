"""`releases restore`: all or nothing, verified to the last byte, and nothing overwritten without a copy."""

import gzip
import random
import shutil
import sqlite3
import stat
import tomllib
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from filelock import FileLock

from crawler.store import Store
from crawler.store.database import NEWEST_FORMAT
from preses_relizes.admin.backups.backup import back_up
from preses_relizes.admin.backups.backup_file import Manifest, sha256_of, write
from preses_relizes.admin.backups.inventory import SUBSCRIPTIONS
from samples.judged import judged_queries
from samples.server import Sites, crawl_config
from searcher import create_app, subscriptions
from searcher.subscriptions import SubscriptionDatabase
from tests.conftest import UNHURRIED, Walk, run_command
from tests.support.installation import OLD_STORE, contents, install
from tests.support.releases_command import run
from tests.support.stored_release import DAY, RELEASE


@pytest.fixture
def config(tmp_path: Path) -> Path:
    return install(tmp_path / "here")


@pytest.fixture
def file(config: Path, tmp_path: Path) -> Path:
    back_up(config, tmp_path / "x.tar")
    return tmp_path / "x.tar"


def restore(file: Path, config: Path, *options: str) -> tuple[int, str]:
    done = run("restore", str(file), "--config", str(config), *options)
    return done.exit_code, done.output


def releases(folder: Path) -> dict[str, object]:
    with Store.open_readonly(folder / "data" / "releases.sqlite3") as store:
        return {stored.id: stored for stored in store.changes_since(0)}


def test_everything_comes_back_after_everything_was_deleted(config: Path, file: Path) -> None:
    before, stored = contents(config.parent), releases(config.parent)
    shutil.rmtree(config.parent)
    code, output = restore(file, config)
    assert (code, output.splitlines()[-1]) == (0, "run `reindex`")
    after = contents(config.parent)
    assert releases(config.parent) == stored
    for name in ("config.toml", "judged.toml", "data/acronyms.tsv"):
        assert after[name] == before[name]


def test_a_restored_store_begins_another_epoch(config: Path, file: Path) -> None:
    epochs = set()
    for _ in range(3):
        with Store.open_readonly(config.parent / "data" / "releases.sqlite3") as store:
            epochs.add(store.epoch())
        assert restore(file, config)[0] == 0
    assert len(epochs) == 3


def test_what_is_replaced_is_kept(config: Path, file: Path) -> None:
    data = config.parent / "data"
    with Store(data / "releases.sqlite3") as store:
        store.save(RELEASE, seen=DAY)
    newer = releases(config.parent)
    (data / "acronyms.tsv").write_text("mine")
    assert restore(file, config)[0] == 0
    [kept] = data.glob("releases.sqlite3.before-*")
    [acronyms] = data.glob("acronyms.tsv.before-*")
    assert (len(releases(config.parent)), acronyms.read_text()) == (30, "mine")
    kept.rename(data / "releases.sqlite3")
    assert releases(config.parent) == newer


def test_changes_in_the_log_of_a_killed_crawl_are_kept(config: Path, file: Path) -> None:
    path = config.parent / "data" / "releases.sqlite3"
    with Store(path) as store:
        store.save(RELEASE, seen=DAY)
        shutil.copy(path.with_name(f"{path.name}-wal"), config.parent / "log")
    shutil.move(config.parent / "log", path.with_name(f"{path.name}-wal"))
    assert restore(file, config)[0] == 0
    [kept] = path.parent.glob("releases.sqlite3.before-*")
    with Store.open_readonly(kept) as store:
        assert store.find(RELEASE.url) is not None
    assert not path.with_name(f"{path.name}-wal").exists()


def test_damaged_store_is_replaced_and_kept_with_its_log(config: Path, file: Path) -> None:
    path = config.parent / "data" / "releases.sqlite3"
    path.write_bytes(b"broken" * 1000)
    path.with_name(f"{path.name}-wal").write_bytes(b"log")
    assert restore(file, config)[0] == 0
    kept = {
        one.name.partition(".before-")[2][21:]: one.read_bytes() for one in path.parent.glob("*.before-*")
    }
    assert kept[""] == b"broken" * 1000
    assert len(releases(config.parent)) == 30


@pytest.mark.parametrize(("options", "kept"), [((), True), (("--settings",), False)])
def test_settings_are_replaced_only_on_request(
    options: tuple[str, ...], kept: bool, config: Path, file: Path
) -> None:
    old = config.read_text()
    changed = old + "loss_share = 0.5\n"
    config.write_text(changed)
    (config.parent / "judged.toml").write_text("mine")
    code, output = restore(file, config, *options)
    assert (code, "which --settings restores" in output) == (0, kept)
    assert config.read_text() == (changed if kept else old)
    copies = [path.name.partition(".before-")[0] for path in config.parent.glob("*.before-*")]
    assert sorted(copies) == ([] if kept else ["config.toml", "judged.toml"])


def test_dry_run_writes_nothing(config: Path, file: Path) -> None:
    shutil.rmtree(config.parent)
    code, output = restore(file, config, "--dry-run")
    assert (code, "sound; 29 releases" in output, config.parent.exists()) == (0, True, False)


def test_no_restore_during_a_crawl(config: Path, file: Path) -> None:
    with FileLock(config.parent / "data" / "crawl.lock"):
        code, output = restore(file, config)
    assert (code, "crawl.lock: held by a crawl" in output) == (3, True)


def test_backup_by_a_newer_version_is_refused(config: Path, tmp_path: Path) -> None:
    newer = tmp_path / "newer.tar"
    with closing(sqlite3.connect(config.parent / "data" / "releases.sqlite3")) as db:
        db.execute(f"PRAGMA user_version = {NEWEST_FORMAT + 1}")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("crawler.store.database.NEWEST_FORMAT", NEWEST_FORMAT + 1)
        back_up(config, newer)
    before = contents(config.parent)
    code, output = restore(newer, config)
    assert (code, "made by the newer version" in output) == (1, True)
    assert contents(config.parent) == before


def test_backup_by_an_older_version_is_restored_and_its_upgrade_named(config: Path, tmp_path: Path) -> None:
    old, older = tmp_path / "old.sqlite3", tmp_path / "older.tar"
    old.write_bytes(gzip.decompress(OLD_STORE.read_bytes()))
    sources = {"releases.sqlite3": ("store", old), "config.toml": ("settings", config)}
    files = [
        {"name": name, "role": role, "bytes": path.stat().st_size, "sha256": sha256_of(path)}
        for name, (role, path) in sources.items()
    ]
    figures = {"program": "0.0.1", "made": "2026-01-01", "store_format": 4, "releases": 29, "number": 34}
    manifest = Manifest.model_validate({**figures, "files": files})
    write(older, {name: path for name, (_, path) in sources.items()}, manifest)
    code, output = restore(older, config)
    assert (code, output.splitlines()[-1]) == (0, "run `releases upgrade`, then `reindex`")
    assert run("upgrade", "--config", str(config)).exit_code == 0
    assert len(releases(config.parent)) == 30


@pytest.mark.parametrize("content", [b"", b"x", b"\0" * 10_240, b"text " * 10_000], ids=len)
def test_other_file_is_no_backup(content: bytes, config: Path, tmp_path: Path) -> None:
    (tmp_path / "y.tar").write_bytes(content)
    code, output = restore(tmp_path / "y.tar", config)
    assert (code, "damaged, cut short or not a backup" in output) == (1, True)


def answers(config: Path, judged: Path) -> dict[str, object]:
    """Return the answer to every judged query, without what varies from request to request."""
    client = create_app(config).test_client()
    texts = [query["text"] for query in tomllib.loads(judged.read_text(encoding="utf-8"))["query"]]
    found = {text: client.get("/api/v1/search", query_string={"q": text}).get_json() for text in texts}
    return {text: [(hit["id"], hit["score"]) for hit in answer["hits"]] for text, answer in found.items()}


@pytest.mark.long_sweep
def test_restored_installation_answers_all_judged_queries_alike(
    walked: Walk, sites: Sites, tmp_path: Path
) -> None:
    here, file = tmp_path / "here", tmp_path / "x.tar"
    config, judged = here / "config.toml", here / "judged.toml"
    shutil.copytree(walked.config.parent, here / "data", ignore=shutil.ignore_patterns("config.toml"))
    judged.write_text(judged_queries(sites), encoding="utf-8")
    settings = crawl_config(sites, "data", judged=Path("judged.toml")) + UNHURRIED
    config.write_text(settings, encoding="utf-8")
    run_command("reindex", "--full", "--config", str(config))
    before = answers(config, judged)
    back_up(config, file)
    shutil.rmtree(here)
    assert restore(file, config)[0] == 0
    run_command("reindex", "--config", str(config))
    assert (len(before) > 50, answers(config, judged)) == (True, before)


# --- subscriptions ---


def subscribe(path: Path, *ids: bytes) -> None:
    """Keep subscriptions of these *ids*, whoever they are."""
    file = SubscriptionDatabase(path)
    file.create()
    with file.writing() as db:
        db.executemany(
            """INSERT INTO subscription (id, person, mailbox, address, topic, rhythm, asked)
               VALUES (?, '', '', '', '', 'daily', 0)""",
            [(id_,) for id_ in ids],
        )


def subscribed(path: Path) -> list[bytes]:
    return [row[0] for row in SubscriptionDatabase(path).rows("SELECT id FROM subscription ORDER BY id")]


def test_they_are_found_under_their_name() -> None:
    assert SUBSCRIPTIONS == subscriptions.FILE


def test_subscriptions_come_back_but_never_over_newer_ones(config: Path, tmp_path: Path) -> None:
    path = config.parent / "data" / SUBSCRIPTIONS
    subscribe(path, b"a", b"b")
    with SubscriptionDatabase(path).writing() as db:
        db.execute("UPDATE subscription SET topic = 'open' WHERE id = x'61'")
        back_up(config, tmp_path / "x.tar")  # of what was committed
    with SubscriptionDatabase(path).writing() as db:
        db.execute("DELETE FROM subscription WHERE id = x'61'")
    done = restore(tmp_path / "x.tar", config)
    assert (done[0], "who left since the backup stays away" in done[1], subscribed(path)) == (0, True, [b"b"])
    for file in path.parent.glob(f"{SUBSCRIPTIONS}*"):
        file.unlink()
    assert (restore(tmp_path / "x.tar", config)[0], subscribed(path)) == (0, [b"a", b"b"])
    topics = SubscriptionDatabase(path).rows("SELECT DISTINCT topic FROM subscription")
    assert (topics, stat.S_IMODE(path.stat().st_mode) & 0o077) == ([("",)], 0)


# --- damage ---


def flip(content: bytearray, chance: random.Random) -> None:
    content[chance.randrange(len(content))] ^= 1 << chance.randrange(8)


def zero(content: bytearray, chance: random.Random) -> None:
    at = chance.randrange(len(content) - 4096)
    content[at : at + 4096] = bytes(4096)


def cut(content: bytearray, chance: random.Random) -> None:
    del content[chance.randrange(len(content)) :]


def drop(content: bytearray, chance: random.Random) -> None:
    at = 512 * chance.randrange(len(content) // 512)
    del content[at : at + 512]


def repeat(content: bytearray, chance: random.Random) -> None:
    at = 512 * chance.randrange(len(content) // 512)
    content[at:at] = content[at : at + 512]


def append(content: bytearray, chance: random.Random) -> None:
    content += bytes(512 * chance.randrange(1, 20))


def overwrite(content: bytearray, chance: random.Random) -> None:
    at = chance.randrange(len(content) - 100)
    content[at : at + 100] = chance.randbytes(100)


DAMAGES: tuple[Callable[[bytearray, random.Random], None], ...] = (
    flip,
    zero,
    cut,
    drop,
    repeat,
    append,
    overwrite,
)


@pytest.mark.sweep
def test_no_random_damage_is_restored(file: Path, tmp_path: Path) -> None:
    whole = file.read_bytes()
    chance = random.Random(17)
    accepted = []
    for number in range(140):
        content, damage = bytearray(whole), DAMAGES[number % len(DAMAGES)]
        damage(content, chance)
        if content == whole:
            continue  # zeros over zeros
        (tmp_path / "damaged.tar").write_bytes(content)
        code, _ = restore(tmp_path / "damaged.tar", tmp_path / "there" / "config.toml")
        if code != 1 or (tmp_path / "there").exists():
            accepted.append((number, damage.__name__))
    assert accepted == []


@pytest.mark.sweep
def test_damage_to_each_byte_of_the_ends_is_found(file: Path, tmp_path: Path) -> None:
    whole = file.read_bytes()
    for at in (*range(0, 600, 7), *range(len(whole) - 2048, len(whole), 7)):
        content = bytearray(whole)
        content[at] ^= 1
        (tmp_path / "damaged.tar").write_bytes(content)
        assert restore(tmp_path / "damaged.tar", tmp_path / "there" / "config.toml")[0] == 1, at
    assert not (tmp_path / "there").exists()
