from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from crawler.store import Release, Store
from index.analysis import Analyzer, default_analyzer
from index.engines.whoosh.engine import WhooshEngine
from index.engines.whoosh.indexer import build
from tests.support.built_once import BuiltOnce
from tests.support.new_store import new_store

SEEN = datetime(2026, 3, 1, 9, tzinfo=UTC)

Save = Callable[..., str]


@pytest.fixture(scope="session", autouse=True)
def analyzer() -> Analyzer:
    """Return the default analyzer; all analyzers share its dictionary, which takes a second to load."""
    analyzer = default_analyzer()
    analyzer.query_forms("vārds")  # opens the dictionary
    return analyzer


@pytest.fixture(scope="session")
def built_once(tmp_path_factory: pytest.TempPathFactory) -> BuiltOnce:
    return BuiltOnce(tmp_path_factory.mktemp("built-once"))


@pytest.fixture
def read_only_index(built_once: BuiltOnce, store: Store, analyzer: Analyzer) -> Callable[[], WhooshEngine]:
    """Return a function that opens an index of the releases that the test saved, which it must not change."""

    def build_index(folder: Path) -> None:
        build(folder, store, analyzer)

    return lambda: WhooshEngine(built_once.folder(store, build_index))


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """Return a data directory with its settings beside it."""
    folder = tmp_path / "data"
    folder.mkdir()
    (tmp_path / "config.toml").write_text('data_dir = "data"\n', encoding="utf-8")
    return folder


@pytest.fixture
def store(data: Path) -> Iterator[Store]:
    with new_store(data / "releases.sqlite3") as store:
        yield store


@pytest.fixture
def save(store: Store) -> Save:
    """Save a release with the fields that matter to a test; return its id."""

    def save_release(
        name: str,
        *,
        title: str = "Ziņa",
        lead: str = "",
        body: str = "",
        ministry: str = "Iekšlietu ministrija",
        language: str = "lv",
        published: date | None = date(2020, 1, 1),
        contact: str = "",
        translations: tuple[str, ...] = (),
        machine_translated: bool = False,
        category: str | None = None,
    ) -> str:
        url = f"https://iem.example/{name}"
        release = Release(
            url=url,
            site="iem",
            ministry=ministry,
            language=language,  # type: ignore[arg-type]  # tests pass plain strings
            title=title,
            lead=lead,
            body=body,
            contact=contact,
            published=published,
            published_source="time" if published else "none",
            published_confidence="high" if published else "none",
            translations=tuple(f"https://iem.example/{other}" for other in translations),
            machine_translated=machine_translated,
            category=category,
        )
        store.save(release, seen=SEEN)
        stored = store.find(url)
        assert stored is not None
        return stored.id

    return save_release
