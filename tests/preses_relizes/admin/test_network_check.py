"""Whether sites are reached, as `releases check` sees it."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from filelock import FileLock

from crawler.config import load
from crawler.store import Store
from preses_relizes.admin.network_check import check_network
from tests.support.hostile_site import HostileSite, page
from tests.support.small_site import CONFIG, list_of


def states(config: Path) -> list[tuple[str, str]]:
    storage, settings = load(config)
    return [(one.what, one.state) for one in check_network(settings.sites, settings, storage)]


@pytest.fixture
def config(tmp_path: Path) -> Iterator[Path]:
    with HostileSite(missing=page(status=404)) as site:
        site.scripts["/lv/jaunumi"] = page(list_of(""))
        path = tmp_path / "config.toml"
        path.write_text(CONFIG.format(origin=site.origin), encoding="utf-8")
        yield path


def test_site_that_answers_is_enough(config: Path) -> None:
    assert states(config)[0] == ("network", "ok")
    assert list(config.parent.iterdir()) == [config]


def test_nothing_answers(tmp_path: Path) -> None:
    path = tmp_path / "config.toml"
    settings = CONFIG.format(origin="127.0.0.1:9") + "[crawler.limits]\nbackoff_s = 0\n"
    path.write_text(settings, encoding="utf-8")
    assert states(path) == [("network", "bad")]


def test_running_crawl_is_not_disturbed(config: Path) -> None:
    (config.parent / "data").mkdir()
    Store(config.parent / "data" / "releases.sqlite3").close()
    with FileLock(config.parent / "data" / "crawl.lock"):
        assert states(config) == [("network", "note")]


def test_a_site_that_does_not_answer_is_followed_by_the_next(config: Path) -> None:
    text = config.read_text(encoding="utf-8")
    (table,) = re.findall(r"\[\[crawler\.sites\]\].*", text, re.DOTALL)
    storage, settings = load(config)
    origin = re.findall(r"http://(127\.0\.0\.1:\d+)", text)[0]
    down = table.replace(origin, "127.0.0.1:9").replace('id = "', 'id = "x-')
    config.write_text(
        text.replace(table, f"{down}\n{table}").replace(f'["{origin}"]', f'["{origin}", "127.0.0.1:9"]')
        + "\n[crawler.limits]\ntries = 1\n",
        encoding="utf-8",
    )
    storage, settings = load(config)
    found = [*check_network(settings.sites, settings, storage)]
    assert (found[0].state, found[0].what) == ("ok", "network")
    assert found[0].remark == f"http://{origin}/lv/jaunumi: answers; `crawl check` tries every site"


def test_without_a_list_page_there_is_nothing_to_try(config: Path) -> None:
    storage, settings = load(config)
    bare = [site.model_copy(update={"start": ()}) for site in settings.sites]
    (found,) = check_network(bare, settings, storage)
    advice = "check the network, name server and firewall of this machine, and the addresses of the sites"
    assert (found.state, found.remark, found.advice) == ("bad", "no site has a list page", advice)
