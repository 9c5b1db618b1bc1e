"""What a follower of /changes read is what became of each release, whatever is killed on the way.

Releases are edited, removed, restored, merged, hidden and shown again, and crawls undone.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import get_args

import pytest

from crawler.store import EventKind, Store
from tests.support.changes_follower import FILE, followed
from tests.support.few_concepts import FEW_CONCEPTS
from tests.support.hostile_site import HostileSite, page
from tests.support.killed_commands import run_killed
from tests.support.small_site import CONFIG, list_of, release, rows

RELEASES = 12
# What may happen to a release in each of its states, and the state after it.
HISTORY: Mapping[tuple[str | None, str], str] = {
    (None, "new"): "present",
    **{
        (state, kind): state for state in ("present", "gone", "hidden") for kind in ("edit", "reread", "undo")
    },
    ("present", "removal"): "gone",
    ("gone", "return"): "present",
    ("present", "hide"): "hidden",
    ("gone", "hide"): "hidden",
    ("hidden", "unhide"): "present",
    ("present", "merge"): "merged",
    ("gone", "merge"): "merged",
    ("merged", "separation"): "present",
}
OF_TEXTS = ("new", "edit", "reread", "undo")
OF_RETURN = ("return", "unhide", "separation")
# Commands of which the world must know that they were done.
OF_OPERATORS = ("hide", "unhide", "undo")


@dataclass
class World:
    """A site on which something happens each day, and an installation whose commands are killed."""

    server: HostileSite
    folder: Path
    dice: Random
    day: int = 0
    killed: int = 0
    versions: dict[str, int] = field(default_factory=lambda: {f"relize-{n}": 1 for n in range(RELEASES)})
    """What each release of the site says."""
    missing: list[str] = field(default_factory=list)
    merged: dict[str, str] = field(default_factory=dict)
    """Addresses that lead to other releases."""
    hidden: list[str] = field(default_factory=list)
    spent_s: dict[str, float] = field(default_factory=dict)

    def live(self) -> None:
        """Let a day pass: the site changes, and all commands run."""
        if self.day:
            self._change()
        self._publish()
        self._run("later_crawl", str(self.day))
        match self.day % 7:
            case 2 | 4:
                self.hidden.append(self.dice.choice(self._standing()))
                self._run("later_crawl", str(self.day), "hide", self._url(self.hidden[-1]))
            case 3 | 6 if self.hidden:
                self._run("later_crawl", str(self.day), "unhide", self._url(self.hidden.pop(0)))
            case 5:
                self._run("later_crawl", str(self.day), "undo", "iem")
        self._run("reindex")
        self._run("follow")
        self.day += 1

    def _standing(self) -> list[str]:
        away = {*self.missing, *self.merged, *self.hidden}
        return [name for name in self.versions if name not in away]

    def _url(self, name: str) -> str:
        return self.server.url(f"/lv/jaunums/{name}")

    def _change(self) -> None:
        edited, other, leaving = self.dice.sample(self._standing(), 3)
        self.versions[edited] += 1
        match self.day % 6:
            case 0:
                self.missing.append(leaving)
            case 2 if len(self.missing) > 1:  # for a week at least
                self.missing.pop(0)
            case 4:
                self.merged[leaving] = other
            case 5 if self.merged:
                self.merged.pop(self.dice.choice(sorted(self.merged)))

    def _publish(self) -> None:
        for name, version in self.versions.items():
            text = release(name).replace("šajā gadā", f"par {1000 + 37 * version} eiro")
            shown = page(text)
            if name in self.missing:
                shown = page(status=404)
            elif name in self.merged:
                shown = page(status=301, location=self._url(self.merged[name]))
            self.server.scripts[f"/lv/jaunums/{name}"] = shown
        listed = [name for name in self.versions if name not in self.missing and name not in self.merged]
        self.server.scripts["/lv/jaunumi"] = page(list_of(rows(*listed)))

    def _run(self, *command: str) -> None:
        """Run a command, killed at some moment; then to its end, or others go on with what is there."""
        kind = command[2] if len(command) > 2 else command[0]
        after_s = self.spent_s.get(kind, 0.5) * self.dice.random()
        ended = run_killed(self.folder, *command, after_s=max(0.001, after_s))
        self.killed += ended.was_killed
        if ended.was_killed and (self.day % 2 == 0 or kind in OF_OPERATORS):
            ended = run_killed(self.folder, *command)
        if not ended.was_killed:
            assert ended.code in (0, 1), ended  # 1: something is held
            self.spent_s[kind] = ended.spent_s

    def check(self) -> Counter[str]:
        """Check what a follower read against the store; return how many events of each kind there were."""
        states: dict[str, str] = {}
        versions: dict[str, int] = {}
        with Store.open_readonly(self.folder / "data" / "releases.sqlite3") as store:
            events = store.events()
            read = [
                (int(line["cursor"].rpartition("-")[2]), line["kind"], line["release"], line["version"])
                for line in followed(self.folder / FILE)
            ]
            stored = [(event.number, event.kind, event.release, event.version) for event in events]
            assert read == (stored if self.day % 2 else stored[: len(read)])  # the next day is odd
            for event in events:
                step = states.get(event.release), event.kind
                assert step in HISTORY, event
                states[event.release] = HISTORY[step]
                versions[event.release] = versions.get(event.release, 0) + (event.kind in OF_TEXTS)
                # One that comes back with another text has it at once; the edit is the next event.
                ahead = event.version - versions[event.release]
                assert ahead == 0 or (ahead == 1 and event.kind in OF_RETURN), event
            for id_, state in states.items():
                now = store.get(id_)
                assert now is not None
                assert (now.state if now.id == id_ else "merged") == state
                assert store.last_version(id_) == versions[id_]
        return Counter(event.kind for event in events)


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    with HostileSite(missing=page(status=404)) as server:
        config = f"{CONFIG.format(origin=server.origin)}{FEW_CONCEPTS}"
        (tmp_path / "config.toml").write_text(config, encoding="utf-8")
        yield World(server, tmp_path, Random(1))


def live(world: World, *, kills: int) -> Counter[str]:
    """Let days pass until so many commands were killed; return the events by kind."""
    kinds = Counter[str]()
    while world.killed < kills:
        world.live()
        kinds = world.check()
        assert world.day < kills, "too few are killed"
    return kinds


@pytest.mark.sweep
def test_a_follower_reads_what_became_of_each_release(world: World) -> None:
    assert live(world, kills=12).keys() >= {"new", "edit"}


@pytest.mark.long_sweep
def test_a_follower_reads_what_became_of_each_release_after_200_kills(world: World) -> None:
    kinds = live(world, kills=200)
    assert kinds.keys() >= set(get_args(EventKind)) - {"reread"}, kinds
