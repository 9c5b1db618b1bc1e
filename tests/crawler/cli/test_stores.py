"""Only a crawl creates a store."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from filelock import Timeout

from crawler.cli.stores import open_backoffs, open_copy, open_existing, open_locked
from crawler.config import Storage
from crawler.store import Store
from crawler.store.backoff_rows import RetryAfterRows
from samples.server import Sites
from tests.support.crawl_command import NOWHERE, crawl, sizes
from tests.support.stored_release import DAY, RELEASE

pytestmark = pytest.mark.sweep


@pytest.mark.parametrize("folder", ["none", "empty", "an empty file"])
@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        (("check", "--offline"), 0, "releases.sqlite3: no releases yet; run `crawl` first"),
        (("check",), 0, "releases.sqlite3: no releases yet; run `crawl` first"),
        (("stats",), 4, "releases.sqlite3: no releases yet; run `crawl` first"),
        (("archive", "x.warc.gz"), 4, "releases.sqlite3: no releases yet; run `crawl` first"),
        (("undo", "vugd"), 4, "releases.sqlite3: no releases yet; run `crawl` first"),
        (("hide",), 4, "no releases yet"),
        (("hide", NOWHERE), 1, "no release is stored"),
        (("hide", "--unseen", NOWHERE), 4, "no releases yet"),
        (("unhide", NOWHERE), 1, "not hidden"),
        (("reextract",), 0, "no stored pages"),
        (("preview", NOWHERE), 2, "no site in the settings has this host"),
        (("preview", "{vugd}/lv/nav"), 1, "404"),
        (("preview", "--stored", "{vugd}/lv/nav"), 1, "no stored page"),
        (("--dry-run", "--site", "vugd"), 0, "new"),
    ],
)
def test_no_other_command_creates_a_store(
    config: Path, sample_sites: Sites, *, folder: str, arguments: tuple[str, ...], code: int, message: str
) -> None:
    data = config.parent / "data"
    if folder != "none":
        data.mkdir()
    if folder == "an empty file":
        (data / "releases.sqlite3").touch()
    before = sizes(config.parent)
    done = crawl(config, *(argument.format_map(sample_sites) for argument in arguments))
    assert (done.returncode, message in done.stdout + done.stderr) == (code, True), done.stdout + done.stderr
    assert sizes(config.parent) == before


# --- In this process ---


def storage_in(folder: Path) -> Storage:
    return Storage(data_dir=folder / "data")


def test_a_locked_store_is_made_with_its_folder_and_for_one_alone(tmp_path: Path) -> None:
    storage = storage_in(tmp_path)
    with open_locked(storage) as store:
        store.save(RELEASE, seen=DAY)
        with pytest.raises(Timeout), open_locked(storage):
            pass
    with open_existing(storage) as store:
        assert store.path == storage.store_path
        assert store.count() == 1
        with pytest.raises(Timeout), open_existing(storage):
            pass


def test_without_a_store_an_empty_one_is_opened_elsewhere(tmp_path: Path) -> None:
    storage = storage_in(tmp_path)
    for opened in (open_existing, open_copy, open_backoffs):
        with opened(storage) as store:
            assert (store.count(), store.path == storage.store_path) == (0, False)
    assert not storage.data_dir.exists()


def test_a_copy_has_what_is_stored_and_changes_nothing(tmp_path: Path) -> None:
    storage = storage_in(tmp_path)
    with open_locked(storage) as store:
        store.save(RELEASE, seen=DAY)
    (tmp_path / "own").mkdir()
    with open_copy(storage, tmp_path / "own") as copy:
        assert copy.path == tmp_path / "own" / "releases.sqlite3"
        assert copy.count() == 1
        copy.hide(RELEASE.url, seen=DAY)
    with Store.open_readonly(storage.store_path) as store:
        assert store.count() == 1


def test_only_hosts_left_alone_are_copied_while_no_crawl_runs(tmp_path: Path) -> None:
    storage = storage_in(tmp_path)
    until = datetime.now(UTC) + timedelta(hours=1)
    with open_locked(storage) as store:
        store.save(RELEASE, seen=DAY)
        RetryAfterRows(store).put("a.lv", until)
        with pytest.raises(Timeout), open_backoffs(storage):
            pass
    with open_backoffs(storage) as backoffs:
        assert backoffs.count() == 0
        assert {*RetryAfterRows(backoffs).seconds_left(datetime.now(UTC))} == {"a.lv"}
