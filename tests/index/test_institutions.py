from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import pytest
from typer.testing import CliRunner

from crawler.store import Store
from index.analysis import Analyzer
from index.config import load, load_storage
from index.engines import Engine, open_engine
from index.errors import EngineError
from index.institutions import ConfiguredSite, Institutions, configured_sites
from index.reindex import app as reindex
from tests.index.conftest import SEEN, Save
from tests.support.crawled import record_crawl, record_outcomes

Read = Callable[[int], dict[str, str]]
SITES = (
    ConfiguredSite(id="vm", ministry="Veselības ministrija", address="https://vm.example"),
    ConfiguredSite(id="am", ministry="Ārlietu ministrija", address="https://am.example"),
    ConfiguredSite(id="iem", ministry="Iekšlietu ministrija", address="https://iem.example"),
    ConfiguredSite(id="vugd", ministry="Iekšlietu ministrija", address="https://vugd.example"),
)


@pytest.fixture
def engine(data: Path, save: Save, analyzer: Analyzer) -> Engine:
    """Return an index with three releases of the ministry of the interior."""
    save("a", published=date(2019, 5, 1))
    save("b", published=date(2020, 1, 2))
    save("c", published=None)
    config = data.with_name("config.toml")
    assert CliRunner().invoke(reindex, ["--config", str(config)]).exit_code == 0
    return open_engine(load_storage(config), load(config), analyzer)


@pytest.fixture
def institutions(data: Path, engine: Engine) -> Institutions:
    return Institutions(engine, data / "releases.sqlite3", SITES)


def test_configured_and_indexed_institutions_are_listed_in_latvian_order(institutions: Institutions) -> None:
    listed = institutions.all(SEEN)
    assert [one.name for one in listed] == [
        "Ārlietu ministrija",
        "Iekšlietu ministrija",
        "Veselības ministrija",
    ]
    interior = listed[1]
    assert (interior.releases, interior.first, interior.last) == (3, date(2019, 5, 1), date(2020, 1, 2))
    assert (listed[0].releases, listed[0].address) == (0, "https://am.example")
    assert institutions.names() == {one.name for one in listed}


def test_health_follows_from_the_last_crawl(institutions: Institutions, store: Store) -> None:
    def health(days: int) -> str:
        return institutions.all(SEEN + timedelta(days))[1].health

    assert (health(0), institutions.all(SEEN)[0].health) == ("unread", "empty")
    record_crawl(store, "https://iem.example/a", at=SEEN, outcome="unchanged")
    assert (health(1), health(3), health(4)) == ("fresh", "fresh", "late")
    late = SEEN.replace(second=0) + timedelta(days=3)
    by_second = [institutions.all(late + timedelta(seconds=at))[1].health for at in (0, 59, 60)]
    assert by_second == ["fresh", "fresh", "late"]


def test_an_institution_that_is_configured_no_more_stays(data: Path, institutions: Institutions) -> None:
    engine = institutions._engine
    others = Institutions(engine, data / "releases.sqlite3", SITES[:1])
    assert others.names() == {"Veselības ministrija", "Iekšlietu ministrija"}
    interior, health = others.all(SEEN)
    assert (interior.sites, interior.address, interior.releases) == (("iem",), "", 3)
    assert (health.sites, health.first, health.last, health.crawled) == (("vm",), None, None, None)
    with pytest.raises(EngineError, match=r"none\.sqlite3"):
        Institutions(engine, data / "none.sqlite3", SITES).all(SEEN)


@pytest.mark.parametrize(
    ("read", "failed", "health"),
    [(1, 0, "fresh"), (3, 2, "fresh"), (2, 2, "troubled"), (1, 5, "troubled"), (0, 5, "unread")],
)
def test_an_institution_is_troubled_if_half_of_its_pages_could_not_be_read(
    institutions: Institutions, store: Store, read: int, failed: int, health: str
) -> None:
    ends = ["unchanged"] * read + ["failed"] * failed
    record_outcomes(store, {f"https://iem.example/{n}": end for n, end in enumerate(ends)}, at=SEEN)
    assert institutions.all(SEEN)[1].health == health


@pytest.mark.parametrize("sites", [("iem", "vugd"), ("vugd", "iem")])
def test_institution_of_several_sites_was_read_when_one_of_them_was(
    institutions: Institutions, store: Store, sites: tuple[str, str]
) -> None:
    for site, day in zip(sites, (-9, 0), strict=True):
        at = SEEN + timedelta(day)
        record_crawl(store, f"https://{site}.example/a", at=at, outcome="unchanged", site=site)
    [interior] = [one for one in institutions.all(SEEN) if one.name == "Iekšlietu ministrija"]
    assert (interior.health, interior.crawled, interior.sites) == ("fresh", SEEN, ("iem", "vugd"))


def test_enabled_sites_are_read_from_the_settings(tmp_path: Path) -> None:
    config = tmp_path / "config.toml"
    config.write_text(
        """
        [crawler.templates.t]
        [[crawler.sites]]
        id = "iem"
        ministry = "Iekšlietu ministrija"
        template = "t"
        start = ["https://iem.example/lv/jaunumi"]
        [[crawler.sites]]
        id = "old"
        ministry = "Vecā ministrija"
        template = "t"
        start = ["https://old.example/"]
        enabled = false
        """,
        encoding="utf-8",
    )
    (site,) = configured_sites(config)
    assert site == ConfiguredSite(id="iem", ministry="Iekšlietu ministrija", address="https://iem.example")
