"""What is new, and whose it is: each topic is matched by its own search, limited to what is new."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime

from index.deadline import DeadlineError
from index.edits import MINOR, ListedEdit
from index.register import CalendarFilter, ListedDue
from preses_relizes.shared.calendar import riga_day
from searcher.corrections import choose_edits
from searcher.digest import MARGIN, edit_key, noticed_since
from searcher.params import ParameterError
from searcher.register import due_filter
from searcher.service import Service
from searcher.subscriptions.mail_ledger import MailLedger, NewsItem, NewsProgress
from searcher.subscriptions.topic import Topic, parse_topic

RELEASE, EDIT, DUE = "release", "edit", "due"
"""The kinds of news."""


@dataclass(frozen=True, slots=True)
class Batch:
    """What came since news were last looked for."""

    releases: Mapping[str, str]
    """The first ids of new releases that may be shown, by their ids of now."""
    edits: Mapping[str, ListedEdit]
    """New edits of known releases by their keys, newest first."""
    known: Mapping[NewsItem, int]
    """All that is recent, and when it was first seen."""
    progress: NewsProgress
    oldest: int
    """What is older than this need not be known any more."""
    day: date
    """Today, in Riga."""


@dataclass(frozen=True, slots=True)
class Matched:
    """What looking for news did."""

    news: int
    """Things that are new of one topic or more."""
    failed: int
    """Topics whose search takes too long; their pages cannot be shown either."""


def look_for_news(service: Service, ledger: MailLedger, *, now: int) -> Matched:
    """Record what is new of each topic in *ledger*.

    The first time, all that is there counts as known.

    Raises:
        EngineError: index, store, edits or register are missing or damaged.
    """
    was = ledger.progress()
    batch = read_batch(service, was, ledger.known(), now=now)
    if batch is None:
        return Matched(0, 0)
    found, failed = list[tuple[str, NewsItem]](), 0
    for text in ledger.topics() if was and (batch.releases or batch.edits) else ():
        try:
            found += [(text, one) for one in match(service, parse_topic(text), batch)]
        except (DeadlineError, ParameterError):
            failed += 1
    ledger.add_news(found, batch.known, batch.progress, oldest=batch.oldest, now=now)
    return Matched(len({one for _, one in found}), failed)


def read_batch(service: Service, was: NewsProgress | None, known: set[NewsItem], *, now: int) -> Batch | None:
    """Return what is new since *was*, without what is *known*; None if the index has not changed since."""
    info = service.engine.info()
    if was and was.number == info.number:
        return None
    reached = min(now, int(info.published.timestamp())) if info.published else now
    progress = NewsProgress(info.number, reached)
    since = datetime.fromtimestamp(was.reached if was else reached, UTC) - MARGIN
    # A store that was restored from a backup counts its changes anew.
    after = was.number if was and was.number < info.number else 0
    seen = service.archive.arrivals(after=after, up_to=info.number)
    recent = {id_: first_seen for id_, first_seen in seen.items() if first_seen > since}
    first_ids = {id_: one.first_id for id_, one in service.archive.histories(recent).items()}
    edits = {edit_key(edit): edit for edit in noticed_since(service, since, weight=0)}
    times = {NewsItem(RELEASE, first_ids.get(id_, id_)): first for id_, first in recent.items()}
    times |= {NewsItem(EDIT, key): edit.noticed for key, edit in edits.items()}
    return Batch(
        releases={id_: first for id_, first in first_ids.items() if NewsItem(RELEASE, first) not in known},
        edits={key: edit for key, edit in edits.items() if NewsItem(EDIT, key) not in known},
        known={one: int(time.timestamp()) for one, time in times.items()},
        progress=progress,
        oldest=int((since - MARGIN).timestamp()),
        day=riga_day(datetime.fromtimestamp(now, UTC)),
    )


def match(service: Service, topic: Topic, batch: Batch) -> Iterator[NewsItem]:
    """Yield what of *batch* is new of *topic*, newest first: what its page would show."""
    if topic.kind == "search":
        return _match_search(service, topic, batch)
    if topic.kind == "corrections":
        return _match_corrections(service, topic, batch)
    return _match_calendar(service, topic, batch)


def _match_search(service: Service, topic: Topic, batch: Batch) -> Iterator[NewsItem]:
    edited = {edit.release for edit in batch.edits.values() if edit.weight >= MINOR}
    ids = batch.releases.keys() | edited
    if not ids:
        return
    hits = [release.id for release in service.among(topic.search, ids, face=topic.language)]
    yield from (NewsItem(RELEASE, batch.releases[id_]) for id_ in hits if id_ in batch.releases)
    # The edits of new releases are not told: these are mailed with their latest text.
    older = edited.intersection(hits) - batch.releases.keys()
    for key, edit in batch.edits.items():
        if edit.release in older and edit.weight >= MINOR:
            yield NewsItem(EDIT, key)


def _match_corrections(service: Service, topic: Topic, batch: Batch) -> Iterator[NewsItem]:
    if not batch.edits:
        return
    first = min(riga_day(edit.noticed) for edit in batch.edits.values())
    params = topic.corrections
    from_ = max(first, params.from_) if params.from_ else first
    wanted = choose_edits(service, params.model_copy(update={"from_": from_}))
    for edit in service.edits.every(wanted):
        if edit_key(edit) in batch.edits:
            yield NewsItem(EDIT, edit_key(edit))


def _match_calendar(service: Service, topic: Topic, batch: Batch) -> Iterator[NewsItem]:
    register = service.register
    for id_ in batch.releases:
        for one in register.due(due_filter(topic.calendar, batch.day, release=id_)):
            yield NewsItem(DUE, due_key(one))


def due_key(one: ListedDue) -> str:
    """Return the name of a time at which something falls due: its release, days and place in the text."""
    return f"{one.release.id} {one.first} {one.last} {one.kind} {one.start + one.time[0]}"


def read_dues(service: Service, keys: Iterable[str]) -> tuple[ListedDue, ...]:
    """Return the times with these *keys* that the register has and may be shown, the earliest first."""
    wanted = set(keys)
    releases = service.archive.histories({key.partition(" ")[0] for key in wanted})
    register = service.register
    found = (one for id_ in releases for one in register.due(CalendarFilter(release=id_)))
    return tuple(
        sorted((one for one in found if due_key(one) in wanted), key=lambda one: (one.last, one.first))
    )
