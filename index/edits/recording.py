"""Keeps the file of edits up to date with the store."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from itertools import pairwise
from pathlib import Path

from crawler.config import Language
from crawler.store import Event, Store, StoredRelease, TextVersion
from index.analysis import Analyzer
from index.edits.comparison import compare
from index.edits.edit_file import FILE, EditFile, EditFileWriter, EditRow, FileState
from index.edits.edit_record import EditRecord, VersionText
from index.edits.edit_rows import Departing, Departure, ListedEdit
from index.edits.weights import MINOR
from preses_relizes.shared.calendar import riga_day
from preses_relizes.shared.masking import mask

RULES = 1
"""The version of the rules: raise it when they change, and all edits are judged again."""
# Edits of one release that are kept, newest; characters of a text that are compared.
EDITS_KEPT, TEXT_CHARS = 300, 200_000
# A sentence that changed nothing but its numbers so often is a counter, whatever its words.
COUNTS_FROM = 5
_EVENTS_READ = 10_000
_RELEASES_WRITTEN = 200
_FIGURES = re.compile(r"\d+(?:[\s.,:]\d+)*")


def edit_file(store: Path) -> EditFile:
    """Return the file of edits beside the *store*."""
    return EditFile(store.with_name(FILE))


def record_edits(store: Store, analyzer: Analyzer) -> int:
    """Bring the file of edits up to date with *store*; return how many releases were looked at.

    Raises:
        EngineError: the file cannot be read or written.
    """
    file = edit_file(store.path)
    rules = f"{RULES} {analyzer.fingerprint()}"
    now = FileState(rules=rules, epoch=store.epoch(), number=store.last_event())
    was = file.state()
    if was == now:
        return 0
    fits = was is not None and (was.rules, was.epoch) == (now.rules, now.epoch) and was.number <= now.number
    if fits and was is not None:
        events = _events(store, after=was.number, up_to=now.number)
        # A release that is shown again brings those merged into it, which only the whole history names.
        if not any(event.kind == "unhide" for event in _events(store, after=was.number, up_to=now.number)):
            return _record(file, store, events, analyzer, now)
    draft = EditFile(file.path.with_name(f"{FILE}.draft"))
    draft.path.unlink(missing_ok=True)
    count = _record(draft, store, _events(store, after=0, up_to=now.number), analyzer, now)
    draft.path.replace(file.path)
    return count


def _events(store: Store, *, after: int, up_to: int) -> Iterator[Event]:
    while batch := store.events(after=after, up_to=up_to, at_most=_EVENTS_READ):
        yield from batch
        after = batch[-1].number


def _record(
    file: EditFile, store: Store, events: Iterable[Event], analyzer: Analyzer, state: FileState
) -> int:
    touched: dict[str, list[Event]] = defaultdict(list)
    for event in events:
        touched[event.release].append(event)
    ids = list(touched)
    for at in range(0, len(ids), _RELEASES_WRITTEN):
        # Not in one transaction: it would lock out readers. What was interrupted is done again.
        with file.writing() as writer:
            for id_ in ids[at : at + _RELEASES_WRITTEN]:
                _record_release(writer, store, id_, touched[id_], analyzer)
    with file.writing() as writer:
        writer.finish(state)
    return len(ids)


def _record_release(
    writer: EditFileWriter, store: Store, id_: str, events: Sequence[Event], analyzer: Analyzer
) -> None:
    # Most releases have one text and stay where they are.
    if store.count_versions(id_) == 1 and all(event.kind == "new" for event in events):
        return
    stored = store.get(id_)
    if stored is None or stored.state == "hidden":
        writer.forget(id_)
        return
    rows = list(_rows(stored, id_, store.versions(id_), writer.known(id_), analyzer))
    writer.replace(id_, rows[-EDITS_KEPT:])
    leaving: dict[str, Departing] = {"removal": "removed", "merge": "moved"}
    for event in events:
        if event.kind in leaving:
            writer.depart(_departure(event, leaving[event.kind], stored, store), stored.id)
        elif event.kind in ("return", "separation"):
            writer.come_back(id_)


def _departure(event: Event, kind: Departing, stored: StoredRelease, store: Store) -> Departure:
    version = store.version(event.release, event.version)
    release = stored.release
    return Departure(
        release=event.release,
        kind=kind,
        noticed=event.at,
        ministry=release.ministry,
        language=release.language,
        title=mask(version.title if version else release.title),
        published=version.published if version else release.published,
    )


def _rows(
    stored: StoredRelease,
    id_: str,
    versions: Sequence[TextVersion],
    known: Mapping[int, EditRecord],
    analyzer: Analyzer,
) -> Iterator[EditRow]:
    """Yield the edits of the release *id_*, oldest first; repeated ones are folded into the newest."""
    edits = list(_edits(versions, known, stored.release.language, analyzer))
    gists = [_gist(edit.record) for edit in edits]
    left = Counter(gists)
    for edit, gist in zip(edits, gists, strict=True):
        left[gist] -= 1
        times = gists.count(gist) - left[gist]
        yield EditRow(listed=_listed(stored, id_, edit, times), page=stored.id, is_shown=not left[gist])


@dataclass(frozen=True, slots=True)
class _JudgedEdit:
    older: TextVersion
    newer: TextVersion
    revision: int
    record: EditRecord


def _edits(
    versions: Sequence[TextVersion], known: Mapping[int, EditRecord], language: Language, analyzer: Analyzer
) -> Iterator[_JudgedEdit]:
    """Yield the edits that lead from one of *versions* to the next, without what was undone as our error."""
    revision, undone = 0, frozenset(_undone(versions))
    for older, newer in pairwise(versions):
        if newer.kind != "edit" or newer.number in undone:
            continue
        revision += 1
        if older.kept and newer.kept:
            record = known.get(newer.number) or compare(_text(older), _text(newer), language, analyzer)
            if record.weight:
                yield _JudgedEdit(older, newer, revision, record)


def _undone(versions: Sequence[TextVersion]) -> Iterator[int]:
    """Yield the numbers of the versions after the one that a withdrawal brought back."""
    for place, withdrawal in enumerate(versions):
        if withdrawal.kind == "withdrawal":
            for version in reversed(versions[:place]):
                if _own_text(version) == _own_text(withdrawal):
                    break
                yield version.number


def _own_text(version: TextVersion) -> tuple[str, str, str]:
    return version.title, version.lead, version.body


def _listed(stored: StoredRelease, id_: str, edit: _JudgedEdit, times: int) -> ListedEdit:
    older, newer, record = edit.older, edit.newer, edit.record
    published = newer.published or stored.release.published
    is_counter = times >= COUNTS_FROM and all(
        _without_figures(change.older) == _without_figures(change.newer) for change in record.changes
    )
    return ListedEdit(
        release=id_,
        version=newer.number,
        revision=edit.revision,
        since=newer.after or older.seen,
        noticed=newer.since,
        ministry=stored.release.ministry,
        language=stored.release.language,
        title=mask(newer.title),
        published=published,
        days=(riga_day(newer.since) - published).days if published else None,
        weight=min(record.weight, MINOR - 1) if is_counter else record.weight,
        times=times,
        edit=record,
    )


def _text(version: TextVersion) -> VersionText:
    lead = mask(version.lead[:TEXT_CHARS])
    return VersionText(mask(version.title), lead, mask(version.body[: TEXT_CHARS - len(lead)]))


def _gist(record: EditRecord) -> str:
    """Return the same key for edits that go back and forth between two texts, or only count."""
    changes = sorted(record.changes, key=lambda change: (change.part, change.newer_at))
    older = " ".join(_without_figures(change.older) for change in changes)
    newer = " ".join(_without_figures(change.newer) for change in changes)
    text = "\0".join(sorted((older, newer)))
    return blake2b(text.encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()


def _without_figures(text: str) -> str:
    return _FIGURES.sub("#", text)
