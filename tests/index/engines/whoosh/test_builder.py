"""The folders that `WhooshBuilder` leaves behind; its guarantees are in `test_build_contract.py`."""

from pathlib import Path

import pytest

from crawler.store import Store
from index.analysis import Analyzer
from index.analysis.latvian.hunspell import DICTIONARY
from index.engines.whoosh.builder import WhooshBuilder
from index.engines.whoosh.generations import CURRENT, Generations
from index.errors import DamagedIndexError
from tests.index.conftest import Save
from tests.index.engines.whoosh.conftest import Publish


@pytest.fixture
def builder(generations: Generations) -> WhooshBuilder:
    return WhooshBuilder(generations.root, dictionary=DICTIONARY, processes=1)


def damage(folder: Path) -> None:
    (path,) = folder.glob("*.docs")
    path.write_bytes(path.read_bytes()[:-1])


def test_the_last_sound_generation_is_the_newest_without_damage(
    builder: WhooshBuilder, publish: Publish
) -> None:
    folders = [publish(name) for name in "abc"]
    for folder, sound in zip(reversed(folders), ("c", "b", "a"), strict=True):
        last = builder.last_sound()
        assert last is not None
        assert (last.info().generation, last.info().documents) == (folder.name, "abc".index(sound) + 1)
        damage(folder)
    assert builder.last_sound() is None
    assert not builder.is_empty()


def test_a_damaged_generation_in_use_is_an_error(
    builder: WhooshBuilder, publish: Publish, analyzer: Analyzer
) -> None:
    damage(publish("a"))
    with pytest.raises(DamagedIndexError, match="run `reindex --full`"):
        builder.current(analyzer)


def test_a_rollback_to_a_damaged_generation_changes_nothing(
    builder: WhooshBuilder, publish: Publish, generations: Generations
) -> None:
    damage(publish("a"))
    folder = publish("b")
    with pytest.raises(DamagedIndexError):
        builder.rollback()
    assert generations.current() == folder


def test_a_draft_is_a_folder_beside_the_generations_until_it_is_published(
    builder: WhooshBuilder, generations: Generations, store: Store, save: Save, analyzer: Analyzer
) -> None:
    save("a")
    with builder.draft(analyzer) as draft:
        draft.build(store, on_progress=lambda _: None)
        assert [path.name for path in generations.root.iterdir()] == [Path(draft.location).name]
        name = draft.publish().info().generation
    assert draft.location == str(generations.root / f"{name}.draft")
    assert sorted(path.name for path in generations.root.iterdir()) == [name, CURRENT]
