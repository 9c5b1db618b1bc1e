"""Keeps the file of edits up to date with the store."""

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from itertools import islice, pairwise
from pathlib import Path
from typing import Literal

from crawler.config import Language
from crawler.store import Event, Store, StoredRelease, TextVersion, shown_structure
from index.analysis import Analyzer
from index.derived_file import FileState
from index.edits.comparison import compare, quotes_all
from index.edits.edit_file import FILE, EditFile, EditRow, RecordedRelease
from index.edits.edit_record import Change, EditRecord, VersionText
from index.edits.edit_rows import Departing, Departure, ListedEdit
from index.edits.links import links_of
from index.edits.weights import MINOR
from preses_relizes.shared.calendar import riga_day
from preses_relizes.shared.masking import MASKING, mask

RULES = 11
"""The version of the rules: raise it when they change, and all edits are judged again."""
# Edits of one release that are compared, the newest; characters of a text that are compared.
EDITS_KEPT, TEXT_CHARS = 300, 200_000
# So many edits between the same two texts are one row; an edit that is taken back once is two.
FOLDS_FROM = 3
# A sentence that changed nothing but its numbers so often is a counter, whatever its words, but not an amount
# or a percentage: those are corrected.
COUNTS_FROM = 10
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
    draft = EditFile(file.path.with_name(f"{FILE}.draft"))
    draft.remove()
    rules = f"{RULES} {MASKING} {analyzer.fingerprint()}"
    now = FileState(rules=rules, epoch=store.epoch(), number=store.last_event())
    was = file.state()
    if was == now:
        return 0
    if was and (was.rules, was.epoch) == (now.rules, now.epoch) and was.number <= now.number:
        return _record(file, store, _touched(store, after=was.number, up_to=now.number), analyzer, now)
    count = _record(draft, store, _touched(store, after=0, up_to=now.number), analyzer, now)
    file.become(draft)
    return count


def _events(store: Store, *, after: int, up_to: int) -> Iterator[Event]:
    while batch := store.events(after=after, up_to=up_to, at_most=_EVENTS_READ):
        yield from batch
        after = batch[-1].number


def _touched(store: Store, *, after: int, up_to: int) -> dict[str, list[Event]]:
    """Return the releases to look at with their events: those that have some, and what was merged into them.

    A merge takes along what was merged before, and a takedown takes it down, without an event of its own.
    """
    touched: dict[str, list[Event]] = defaultdict(list)
    # What may be shown again, and was forgotten with all that it had: its whole history counts.
    returning: set[str] = set()
    for event in _events(store, after=after, up_to=up_to):
        touched[event.release].append(event)
        if not after or event.kind == "new":
            continue
        family = {event.release, *store.merged_into(event.release)}
        if event.successor:
            family.update(store.merged_into(event.successor))
        for id_ in family:
            touched.setdefault(id_, [])
        if event.kind in ("unhide", "merge", "separation"):
            returning |= family
    if returning:
        touched.update({id_: [] for id_ in returning})
        for event in _events(store, after=0, up_to=up_to):
            if event.release in returning:
                touched[event.release].append(event)
    return touched


def _record(
    file: EditFile, store: Store, touched: Mapping[str, Sequence[Event]], analyzer: Analyzer, state: FileState
) -> int:
    for at in range(0, len(touched), _RELEASES_WRITTEN):
        ids = tuple(islice(touched, at, at + _RELEASES_WRITTEN))
        known = file.known(ids)
        # All is judged before the file is locked. What was interrupted is done again.
        recorded = [_recorded(store, id_, touched[id_], known.get(id_, {}), analyzer) for id_ in ids]
        with file.writing() as writer:
            for one in filter(None, recorded):
                writer.write(one)
    file.finish(state)
    return len(touched)


def _recorded(
    store: Store, id_: str, events: Sequence[Event], known: Mapping[int, EditRecord], analyzer: Analyzer
) -> RecordedRelease | None:
    """Return what the file is to say of a release; None if there is nothing to say."""
    # Most releases have one text and stay where they are.
    if events and all(event.kind == "new" for event in events) and store.count_versions(id_) == 1:
        return None
    stored = store.get(id_)
    if stored is None or stored.state == "hidden":
        return RecordedRelease(release=id_, page=None)
    departure, is_back = None, False
    leaving: dict[str, Departing] = {"removal": "removed", "merge": "moved"}
    for event in events:
        if event.kind in leaving:
            departure, is_back = _departure(event, leaving[event.kind], stored, store), False
        elif event.kind in ("return", "separation"):
            departure, is_back = None, True
    return RecordedRelease(
        release=id_,
        page=stored.id,
        ministry=stored.release.ministry,
        language=stored.release.language,
        rows=tuple(_rows(stored, id_, store.versions(id_), known, analyzer)),
        departure=departure,
        is_back=is_back,
    )


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
    """Yield the edits of the release *id_*, oldest first; often repeated ones are folded into the newest."""
    edits = list(_edits(versions, known, stored.release.language, analyzer))
    # What changed nothing is kept, unshown, lest it be compared again.
    gists = _gists(edits)
    all_times, times = Counter(gists), Counter[_Gist]()
    for edit, gist in zip(edits, gists, strict=True):
        times[gist] += 1
        is_folded = all_times[gist] >= FOLDS_FROM
        is_shown = bool(gist.key) and (not is_folded or times[gist] == all_times[gist])
        weight = min(edit.record.weight, MINOR - 1) if gist.is_counter else edit.record.weight
        listed = _listed(stored, id_, edit, weight, times[gist] if is_folded else 1)
        yield EditRow(listed=listed, page=stored.id, is_shown=is_shown)


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
    undone = frozenset(_undone(versions))
    pairs = [
        (older, newer)
        for older, newer in pairwise(versions)
        if newer.kind == "edit" and newer.number not in undone
    ]
    compared = [
        (revision, older, newer)
        for revision, (older, newer) in enumerate(pairs, start=1)
        if older.kept and newer.kept
    ]
    for revision, older, newer in compared[-EDITS_KEPT:]:
        record = known.get(newer.number) or compare(_text(older), _text(newer), language, analyzer)
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


def _listed(stored: StoredRelease, id_: str, edit: _JudgedEdit, weight: int, times: int) -> ListedEdit:
    older, newer = edit.older, edit.newer
    published = newer.published or stored.release.published
    return ListedEdit(
        release=id_,
        version=newer.number,
        revision=edit.revision,
        since=newer.after or older.seen,
        read=newer.since,
        noticed=newer.stored,
        ministry=stored.release.ministry,
        language=stored.release.language,
        title=mask(newer.title),
        published=published,
        days=(riga_day(newer.since) - published).days if published else None,
        weight=weight,
        times=times,
        edit=edit.record,
    )


def _text(version: TextVersion) -> VersionText:
    lead = mask(version.lead[:TEXT_CHARS])
    body = mask(version.body[: TEXT_CHARS - len(lead)])
    links = links_of(shown_structure(version.structure, lead, body), lead, body)
    return VersionText(mask(version.title), lead, body, links, version.published)


@dataclass(frozen=True, slots=True)
class _Gist:
    """What an edit says, by which the edits of a release are folded."""

    key: str
    """One for all edits between the same two texts, and for all of a counter; empty if nothing changed."""
    is_counter: bool = False


def _gists(edits: Sequence[_JudgedEdit]) -> list[_Gist]:
    """Return the gist of each of *edits*.

    A number that was corrected twice is no counter yet, nor is one that goes back and forth between two.
    """
    forms = [_key(edit, _without_figures) if edit.record.weight else "" for edit in edits]
    texts = [_key(edit, lambda text: text) if edit.record.weight else "" for edit in edits]
    counts, variety = Counter(forms), Counter(form for form, _ in set(zip(forms, texts, strict=True)))
    return [
        _Gist(form, is_counter=True)
        if form and counts[form] >= COUNTS_FROM and variety[form] > 1 and _only_counts(edit.record)
        else _Gist(text)
        for edit, form, text in zip(edits, forms, texts, strict=True)
    ]


def _key(edit: _JudgedEdit, read: Callable[[str], str]) -> str:
    """Return the same key for edits of the same sentences in either direction, as *read* has them."""
    if quotes_all(edit.record):
        # What is minor, such as a number of visits, makes no other edit of one that is not.
        weightier = [
            change for change in edit.record.changes if change.weight >= MINOR
        ] or edit.record.changes
        changes = sorted(weightier, key=lambda change: (change.part, change.newer_at))
        older = " ".join(read(change.older or _reasons(change, "older")) for change in changes)
        newer = " ".join(read(change.newer or _reasons(change, "newer")) for change in changes)
    else:
        older, newer = ("\0".join(_own_text(version)) for version in (edit.older, edit.newer))
    text = "\0".join(sorted((older, newer)))
    return blake2b(text.encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()


def _reasons(change: Change, side: Literal["older", "newer"]) -> str:
    """Return what the reasons of a change quote, which is all that one of links has."""
    return " ".join(getattr(reason, side) for reason in change.reasons)


def _only_counts(record: EditRecord) -> bool:
    """Return whether nothing but numbers of things differs."""
    return not {"amount", "percent"}.intersection(
        reason.subject for change in record.changes for reason in change.reasons
    ) and all(_without_figures(change.older) == _without_figures(change.newer) for change in record.changes)


def _without_figures(text: str) -> str:
    return _FIGURES.sub("#", text)
