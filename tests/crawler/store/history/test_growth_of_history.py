"""Whatever is done to releases, in any order: versions and events only grow."""

from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from itertools import pairwise
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from crawler.store import Release, Store, release_id
from crawler.store.history.events import Event
from crawler.store.history.versions import TextVersion
from crawler.store.records import text_of
from crawler.store.rollback import roll_back
from tests.support.new_store import new_store
from tests.support.stored_release import DAY, RELEASE

URLS = tuple(f"https://www.iem.example/lv/{number}" for number in range(3))
IDS = tuple(release_id("iem", url) for url in URLS)
STEPS = st.lists(
    st.tuples(
        st.sampled_from(
            [
                "save", "save", "save", "reread", "hide", "unhide", "withdraw", "miss", "gone", "sight",
                "merge", "separate", "undo", "discard", "leave", "fail",
            ]
        ),
        st.integers(0, len(URLS) - 1),
        st.integers(0, len(URLS) - 1),
        st.integers(0, 3),
    ),
    max_size=40,
)  # fmt: skip


@dataclass
class History:
    """A store, and what it has acknowledged."""

    store: Store
    now: datetime = DAY
    texts: set[tuple[str, tuple[object, ...]]] = field(default_factory=set)

    def take(self, step: str, one: int, other: int, text: int) -> None:
        self.now += timedelta(hours=7)
        url, id_ = URLS[one], IDS[one]
        release = replace(
            RELEASE, url=url, title=f"Virsraksts {one}", body=f"Teksts {text} no {text % 2 or one}."
        )
        match step:
            case "save":
                self.store.save(release, seen=self.now)
            case "fail":
                self.fail(release)
            case "hide":
                self.store.hide(url, seen=self.now)
            case "unhide":
                self.store.unhide(url, seen=self.now)
            case "leave":
                self.store.leave(url, seen=self.now)
            case "undo":
                roll_back(self.store, "iem", since=self.now - timedelta(hours=20 * text), seen=self.now)
            case _ if id_ in self.store.ids():
                self.change(step, id_, release, URLS[other])
        for stored in self.store.changes_since(0):
            self.texts.add((stored.id, text_of(stored.release)))

    def change(self, step: str, id_: str, release: Release, other: str) -> None:
        """Take a step that needs a stored release."""
        match step:
            case "reread":
                self.store.overwrite(id_, replace(release, body=f"{release.body}!"), seen=self.now)
            case "withdraw":
                self.store.withdraw(id_, seen=self.now)
            case "miss":
                self.store.miss(id_, seen=self.now)
            case "gone":
                self.store.mark_gone(id_, seen=self.now)
            case "sight":
                self.store.sight(id_, seen=self.now)
            case "separate":
                self.store.separate(id_, seen=self.now)
            case "discard":
                self.store.discard(id_, since=self.now - timedelta(hours=30))
            case "merge" if (into := self.store.get(id_)) is not None:
                self.store.add_addresses(into.id, (other,), seen=self.now)

    def fail(self, release: Release) -> None:
        """Store *release* in a transaction that does not end."""
        with suppress(KeyboardInterrupt), self.store.transaction():
            self.store.save(release, seen=self.now)
            stop()

    def versions(self) -> dict[tuple[str, int], TextVersion]:
        return {(text.release, text.number): text for id_ in IDS for text in self.store.versions(id_)}


def stop() -> None:
    raise KeyboardInterrupt


def bare(text: TextVersion) -> TextVersion:
    """Return *text* without what may change of a version."""
    return replace(text, seen=None, until=None)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(STEPS)
def test_history_only_grows(steps: list[tuple[str, int, int, int]]) -> None:
    with TemporaryDirectory() as folder, new_store(Path(folder) / "releases.sqlite3") as store:
        history = History(store)
        events: list[Event] = []
        known: dict[tuple[str, int], TextVersion] = {}
        for step in steps:
            history.take(*step)
            versions, now = history.versions(), store.events()
            assert now[: len(events)] == events
            for (id_, number), text in known.items():
                if number >= store.first_version(id_):
                    assert bare(versions[id_, number]) == bare(text)
            events, known = now, known | versions
        check_numbers(store, events, known)
        kept = {(text.release, (text.title, text.lead, text.body, text.published)) for text in known.values()}
        assert history.texts <= kept
        assert (store.corruptions(), store.damaged_ids(), store.count_dangling_references()) == ([], [], 0)


def check_numbers(store: Store, events: list[Event], versions: dict[tuple[str, int], TextVersion]) -> None:
    """Check that numbers have no gap or ascend, and that each version came by one event."""
    assert all(one.number < other.number for one, other in pairwise(events))
    with_text = ("new", "edit", "reread", "undo")
    made = [(event.release, event.version) for event in events if event.kind in with_text]
    assert sorted(made) == sorted(versions)
    for id_ in IDS:
        numbers = [text.number for text in store.versions(id_)]
        assert numbers == list(range(store.first_version(id_), store.last_version(id_) + 1))
        assert all(text.until is not None for text in store.versions(id_)[:-1])
    for stored in store.changes_since(0):
        last = store.versions(stored.id)[-1]
        assert (last.title, last.lead, last.body, last.published) == text_of(stored.release)
        assert stored.edited is bool(store.revisions(stored.id))
        for revision in store.revisions(stored.id):
            # Pages lead from an edit to the text before it.
            assert store.is_shown(revision.release, revision.version) or stored.state == "hidden"
            assert store.version(revision.release, revision.version) is not None
