"""Whoever follows /changes gets each event once, in order, whatever is killed on the way, at any moment."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

import pytest

from crawler.store import Store, release_id
from tests.support.changes_follower import FILE, followed
from tests.support.few_concepts import FEW_CONCEPTS
from tests.support.hostile_site import HostileSite, page
from tests.support.killed_commands import Ended, run_killed
from tests.support.small_site import CONFIG, list_of, release, rows

COMMANDS = ("crawl", "reindex", "follow")
RELEASES = 9
EDITED_AT_ONCE = 2
ROUNDS_OF_A_NEW_RELEASE = 10


@dataclass
class World:
    """A site that changes from round to round, and what a reader of its changes must get."""

    site: HostileSite
    folder: Path
    texts: dict[str, int] = field(default_factory=dict)
    expected: Counter[tuple[str, str, int]] = field(default_factory=Counter)
    """The events by kind, release and version."""

    def publish(self, turn: int) -> None:
        """Let the site edit some releases, none twice in a row, and now and then have a new one."""
        names = list(self.texts)
        if not names or turn % ROUNDS_OF_A_NEW_RELEASE == 0:
            for number in range(len(names), len(names) + (1 if names else RELEASES)):
                self._put(f"relize-{number}", "new")
        for step in range(EDITED_AT_ONCE if names else 0):
            self._put(names[(EDITED_AT_ONCE * turn + step) % RELEASES], "edit")
        self.site.scripts["/lv/jaunumi"] = page(list_of(rows(*self.texts)))

    def _put(self, name: str, kind: str) -> None:
        version = self.texts[name] = self.texts.get(name, 0) + 1
        text = release(name).replace("šajā gadā", f"par {1000 + 37 * version} eiro")
        self.site.scripts[f"/lv/jaunums/{name}"] = page(text)
        url = f"http://{self.site.origin}/lv/jaunums/{name}"
        self.expected[kind, release_id("iem", url), version] += 1

    def run(self, name: str, after_s: float = 0.0) -> Ended:
        """Run a command; without *after_s* it must succeed."""
        ended = run_killed(self.folder, name, after_s=after_s)
        assert after_s or ended.code == 0, (name, ended)
        return ended

    def check(self) -> None:
        """The reader has each event of the store once, in its order, and the store those of the site."""
        lines = followed(self.folder / FILE)
        with Store.open_readonly(self.folder / "data" / "releases.sqlite3") as store:
            stored = [(event.number, event.kind, event.release, event.version) for event in store.events()]
        read = [
            (int(line["cursor"].rpartition("-")[2]), line["kind"], line["release"], line["version"])
            for line in lines
        ]
        assert read == stored
        assert Counter(event[1:] for event in read) == self.expected


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    with HostileSite(missing=page(status=404)) as site:
        (tmp_path / "config.toml").write_text(
            f"{CONFIG.format(origin=site.origin)}{FEW_CONCEPTS}", encoding="utf-8"
        )
        yield World(site, tmp_path)


def kill_all(world: World, rounds: int) -> int:
    """Kill each command in each of so many rounds, each time later in its run; return how often one was."""
    world.publish(0)
    for name in COMMANDS:
        world.run(name)
    world.publish(1)
    spent = {name: world.run(name).spent_s for name in COMMANDS}
    dice, killed = Random(1), 0
    for turn in range(rounds):
        world.publish(turn + 2)
        for name in COMMANDS:
            after_s = max(0.001, spent[name] * (turn + dice.random()) / rounds)
            killed += world.run(name, after_s).was_killed
            if turn % 2:  # else the others go on with what is there
                world.run(name)
        for name in COMMANDS:
            world.run(name)
        world.check()
    return killed


@pytest.mark.sweep
def test_each_event_is_read_once_and_in_order_after_kills(world: World) -> None:
    assert kill_all(world, 2) >= 4
