"""A log from `init-log` over crawls, exports, a backup and a restore, as operator and stranger see it."""

import base64
import hashlib
import json
import shutil
import stat
from pathlib import Path
from urllib.request import urlopen

import pytest
from warcio.archiveiterator import ArchiveIterator

from crawler.store import Store
from crawler.store.log.log_folder import LogFolder
from crawler.store.log.tiles import unbundle
from samples.server import crawl_config, serve_sites
from tests.support.crawl_command import crawl
from tests.support.kept_log import NAME
from tests.support.logs import load_verifier
from tests.support.releases_command import run as releases
from tests.support.stamping import authority

VERIFIER = load_verifier()


def run(config: Path, *arguments: str, code: int = 0) -> str:
    done = releases(*arguments, "--config", str(config))
    assert done.exit_code == code, done.output
    return str(done.output)


def verify(folder: Path, *olds: str) -> int:
    vkey = (folder / "vkey").read_text(encoding="utf-8")
    size: int = VERIFIER.verify_log(vkey, lambda path: (folder / path).read_bytes(), olds)
    return size


def export(config: Path, folder: Path) -> Path:
    folder.mkdir(exist_ok=True)
    run(config, "export", str(folder), "--address", "https://example.lv/")
    return folder / "log"


def read_leaves(folder: Path) -> list[dict[str, object]]:
    [bundle] = (folder / "tile" / "entries").glob("000.p/*")
    return [json.loads(entry) for entry in unbundle(bundle.read_bytes())]


@pytest.fixture
def config(tmp_path: Path) -> Path:
    path = tmp_path / "config.toml"
    path.write_text('data_dir = "data"\n', encoding="utf-8")
    return path


@pytest.mark.sweep
def test_a_log_survives_crawls_and_a_restore(tmp_path: Path) -> None:
    config = tmp_path / "config.toml"
    with serve_sites(base_port=0) as sites:
        config.write_text(crawl_config(sites, tmp_path / "data"), encoding="utf-8")
        assert NAME in run(config, "init-log", "--name", NAME)
        assert crawl(config, "--site", "vugd").returncode == 0
        first = export(config, tmp_path / "open")
        size, old = verify(first), (first / "checkpoint").read_text(encoding="utf-8")
        assert b'"response_commitment":' in (first / "tile" / "entries" / f"000.p/{size}").read_bytes()
        run(config, "backup", str(tmp_path / "backup.tar"))
        sites.day = 2
        crawl(config, "--site", "vugd")
        assert verify(export(config, tmp_path / "open"), old) > size
        assert "a log is kept" in run(config, "restore", str(tmp_path / "backup.tar"))
        behind = crawl(config, "--site", "vugd")
        assert behind.returncode == 1
        assert f"the log was not continued: the log in the store has {size} of the" in behind.stderr
        assert "BAD  log" in run(config, "check", "--offline", code=1)
        last = (first / "checkpoint").read_text(encoding="utf-8")
        run(config, "log", "resume", "--from", str(tmp_path / "open"))
        assert crawl(config, "--site", "vugd").returncode == 0
    assert verify(export(config, tmp_path / "open"), old, last) > size
    assert "ok   log" in releases("check", "--offline", "--config", str(config)).output


@pytest.mark.sweep
def test_a_crawl_names_the_file_by_which_its_log_cannot_go_on(tmp_path: Path) -> None:
    config, key = tmp_path / "config.toml", tmp_path / "data" / "log" / "key"
    with serve_sites(base_port=0) as sites:
        config.write_text(crawl_config(sites, tmp_path / "data"), encoding="utf-8")
        run(config, "init-log", "--name", NAME)
        assert crawl(config, "--site", "vugd").returncode == 0
        key.unlink()
        lost = crawl(config, "--site", "vugd")
        key.mkdir()
        unreadable = crawl(config, "--site", "vugd")
        key.rmdir()
        key.write_text("junk", encoding="utf-8")
        damaged = crawl(config, "--site", "vugd")
    faults = {" is missing": lost, ": Is a directory": unreadable, ": no private key of a log": damaged}
    for fault, done in faults.items():
        assert done.returncode == 1
        assert f"the log was not continued: {key}{fault}" in done.stderr
        assert "Report: " in done.stderr


@pytest.mark.sweep
def test_a_crawl_has_its_checkpoint_stamped_or_says_why_not(tmp_path: Path) -> None:
    config, folder = tmp_path / "config.toml", tmp_path / "authority"
    folder.mkdir()
    with serve_sites(base_port=0) as sites, authority(folder) as stamps:
        settings = crawl_config(sites, tmp_path / "data")

        def crawl_stamped_by(url: str) -> str:
            config.write_text(settings.replace("[crawler]", f'[crawler]\nstamp_authority = "{url}"'))
            done = crawl(config, "--site", "vugd")
            assert done.returncode == 0
            return done.stderr

        config.write_text(settings, encoding="utf-8")
        run(config, "init-log", "--name", NAME)
        assert "the next crawl tries again: http://127.0.0.1:1/" in crawl_stamped_by("http://127.0.0.1:1/")
        assert "leaves is not stamped" in run(config, "check", "--offline")
        assert "log: its checkpoint was stamped" in crawl_stamped_by(stamps.url)
        assert "stamped" not in run(config, "check", "--offline")
        assert "stamped" not in crawl_stamped_by(stamps.url)
        copy = export(config, tmp_path / "open")
        [stamp] = (copy / "stamp").iterdir()
        assert stamps.verifies(stamp, copy / "checkpoint")
        assert f"log/stamp/{stamp.name}" in (copy.parent / "SHA256SUMS").read_text(encoding="utf-8")


def test_each_version_that_a_crawl_read_has_the_digest_of_its_response(tmp_path: Path) -> None:
    config, warc = tmp_path / "config.toml", tmp_path / "pages.warc.gz"
    with serve_sites(base_port=0) as sites:
        config.write_text(crawl_config(sites, tmp_path / "data"), encoding="utf-8")
        run(config, "init-log", "--name", NAME)
        assert "\nlog: " in crawl(config, "--site", "vugd").stderr
        sites.day = 2
        crawl(config, "--site", "vugd")
        assert crawl(config, "archive", str(warc)).returncode == 0
        leaves = read_leaves(export(config, tmp_path / "open"))
        edits = [leaf for leaf in leaves if leaf["kind"] == "edit"]
        with warc.open("rb") as content:
            records = [dict(record.rec_headers.headers) for record in ArchiveIterator(content)]
            records = [record for record in records if record["WARC-Type"] == "response"]
        assert edits
        for leaf in edits:
            with urlopen(str(leaf["url"])) as answer:
                digest = hashlib.sha256(answer.read()).digest()
            [record] = [one for one in records if one["WARC-Target-URI"] == leaf["url"]]
            assert record["WARC-Payload-Digest"] == f"sha256:{base64.b32encode(digest).decode()}"
            assert leaves[int(record["Log-Leaf"])] == leaf
            opened = hashlib.sha256(base64.b64decode(record["Log-Response-Nonce"]) + digest).digest()
            assert leaf["response_commitment"] == base64.b64encode(opened).decode()
    assert {leaf["kind"] for leaf in leaves if "response_commitment" in leaf} == {"first", "edit"}


def test_the_key_is_in_no_backup_and_not_readable_by_others(config: Path, tmp_path: Path) -> None:
    Store(config.parent / "data" / "releases.sqlite3").close()
    run(config, "init-log", "--name", NAME)
    key = config.parent / "data" / "log" / "key"
    assert stat.S_IMODE(key.stat().st_mode) == 0o600
    run(config, "backup", str(tmp_path / "b.tar"))
    assert key.read_bytes().strip() not in (tmp_path / "b.tar").read_bytes()


def test_a_log_begins_once(config: Path) -> None:
    run(config, "init-log", "--name", NAME)
    key = (config.parent / "data" / "log" / "key").read_text()
    assert "there is a log already" in run(config, "init-log", "--name", NAME, code=1)
    assert (config.parent / "data" / "log" / "key").read_text() == key


def test_a_lost_key_is_not_replaced(config: Path) -> None:
    path = config.parent / "data" / "releases.sqlite3"
    run(config, "init-log", "--name", NAME)
    with Store(path) as store:
        store.execute("INSERT INTO log_leaf VALUES (0, x'00')")
    (config.parent / "data" / "log" / "key").unlink()
    assert "is missing; copy it here" in run(config, "init-log", "--name", NAME, code=1)


def test_without_an_address_the_name_must_be_given(config: Path) -> None:
    assert "give --name" in (said := run(config, "init-log", code=2))
    assert "base_url in [searcher]" in said


@pytest.mark.parametrize("name", ["a b", "a+b", "a\nb"])
def test_a_name_that_no_checkpoint_can_have_is_refused(config: Path, name: str) -> None:
    assert "a space, a plus sign" in run(config, "init-log", "--name", name, code=2)
    assert not LogFolder(config.parent / "data" / "log").is_kept


def test_the_name_is_that_of_the_public_address(config: Path) -> None:
    text = config.read_text(encoding="utf-8")
    config.write_text(f'{text}\n[searcher]\nbase_url = "https://relizes.example.lv"\n', encoding="utf-8")
    said = run(config, "init-log")
    assert "\nrelizes.example.lv/log+" in said
    assert "now run `crawl`" in said


@pytest.mark.parametrize("name", ["checkpoint", "vkey", "key"])
def test_a_wrong_signature_or_key_is_found(config: Path, tmp_path: Path, name: str) -> None:
    Store(config.parent / "data" / "releases.sqlite3").close()
    run(config, "init-log", "--name", NAME)
    own = (config.parent / "data" / "log" / name).rename(tmp_path / name)
    other = tmp_path / "other.toml"
    other.write_text(f'data_dir = "{tmp_path / "other"}"\n', encoding="utf-8")
    assert "ok   log" not in releases("check", "--offline", "--config", str(config)).output
    run(other, "init-log", "--name", NAME)
    shutil.copy(tmp_path / "other" / "log" / name, config.parent / "data" / "log" / name)
    assert "BAD  log" in run(config, "check", "--offline", code=1)
    own.replace(config.parent / "data" / "log" / name)
    assert "leaves, signed" in releases("check", "--offline", "--config", str(config)).output


def test_the_checksums_cover_the_log(config: Path, tmp_path: Path) -> None:
    Store(config.parent / "data" / "releases.sqlite3").close()
    run(config, "init-log", "--name", NAME)
    log = export(config, tmp_path / "open")
    sums = (tmp_path / "open" / "SHA256SUMS").read_text(encoding="utf-8").splitlines()
    found = {path: digest for digest, _, path in (line.partition("  ") for line in sums)}
    assert found["log/vkey"] == hashlib.sha256((log / "vkey").read_bytes()).hexdigest()
    assert found["log/checkpoint"] == hashlib.sha256((log / "checkpoint").read_bytes()).hexdigest()


def test_without_a_log_nothing_is_resumed_exported_or_checked(config: Path, tmp_path: Path) -> None:
    Store(config.parent / "data" / "releases.sqlite3").close()
    assert "no log is kept" in run(config, "log", "resume", "--from", str(tmp_path), code=1)
    assert not export(config, tmp_path / "open").exists()
    checked = json.loads(releases("check", "--offline", "--json", "--config", str(config)).output)
    assert "log" not in [one["what"] for one in checked]


def test_an_export_without_a_log_cannot_be_resumed_from(config: Path, tmp_path: Path) -> None:
    Store(config.parent / "data" / "releases.sqlite3").close()
    run(config, "init-log", "--name", NAME)
    assert "checkpoint" in run(config, "log", "resume", "--from", str(tmp_path / "none"), code=4)
    shutil.copytree(config.parent / "data" / "log", tmp_path / "copy")
    assert "0 leaves" in run(config, "log", "resume", "--from", str(tmp_path / "copy"))
