"""Keeps the register of mentions up to date with the store."""

from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import combinations, islice, takewhile
from pathlib import Path

from crawler.store import Store, StoredRelease, absent_ids
from index.analysis import Analyzer
from index.analysis.sentences import spans
from index.derived_file import FileState
from index.errors import EngineError
from index.mentions import Mentions, Person, Statement, read_mentions, rules_digest
from index.register.followed_rows import QuotedSentence
from index.register.matters import MatterReader, MatterWord, Span
from index.register.names_file import FILE as NAMES
from index.register.names_file import ListedNames, load_names
from index.register.register_file import FILE, RegisterFile
from index.register.register_rows import CalendarFilter, Follower, ReleaseLine
from index.register.register_writer import RegisteredRelease, RegisteredStatement
from preses_relizes.shared.masking import MASKING, mask

SCHEMA = 6
"""The version of the file's tables and of what is kept in them: raise it when they change."""
_RELEASES_WRITTEN = 200
# A query of its own for each release costs as much as a third of a build.
_READ_AHEAD = 200


def register_file(store: Path) -> RegisterFile:
    """Return the register beside the *store*."""
    return RegisterFile(store.with_name(FILE))


@dataclass(frozen=True, slots=True)
class MentionReader:
    """Reads what releases mention, from the register if it has them as they are, else from their text."""

    register: RegisterFile
    names: ListedNames
    analyzer: Analyzer
    is_current: bool
    """Whether the register was made by the same rules and names."""
    _ahead: dict[tuple[str, int], Mentions] = field(default_factory=dict, repr=False)
    """Mentions read ahead, by release and change: releases are asked for in the order of their changes."""

    @classmethod
    def beside(cls, store: Path, analyzer: Analyzer) -> "MentionReader":
        """Return the reader for the *store*.

        Raises:
            ConfigError: the file of names is not as it must be.
        """
        register, names = register_file(store), load_names(store.with_name(NAMES))
        state = register.state()
        is_current = state is not None and state.rules == _rules(analyzer, names)
        return cls(register, names, analyzer, is_current)

    @property
    def rules(self) -> str:
        """What mentions depend on beside the texts."""
        return _rules(self.analyzer, self.names)

    def mentions(self, stored: StoredRelease) -> Mentions:
        """Return what a release mentions, under the names by which persons are listed."""
        key = stored.id, stored.number
        if self.is_current and key not in self._ahead:
            self._ahead.clear()
            self._ahead.update(self.register.mentions_from(stored.number, most=_READ_AHEAD))
        return self._ahead.get(key) or self.read(stored)

    def read(self, stored: StoredRelease) -> Mentions:
        """Return what a release mentions; persons without an office who say nothing are left out."""
        return _listed(self._read_all(stored), stored, self.names)

    def hidden_places(self, stored: StoredRelease) -> Sequence[Span]:
        """Return where a release names people who are not to be listed."""
        return _hidden_places(self._read_all(stored), stored, self.names) if self.names.file.hide else ()

    def _read_all(self, stored: StoredRelease) -> Mentions:
        release = stored.release
        return read_mentions(
            self.analyzer,
            text_of(stored),
            release.language,
            release.published,
            bodies=self.names.bodies,
        )


def _rules(analyzer: Analyzer, names: ListedNames) -> str:
    return f"{rules_digest()} {SCHEMA} {MASKING} {analyzer.fingerprint()} {names.fingerprint}"


def registered_lines(store: Store) -> Iterator[tuple[ReleaseLine, Mentions, Sequence[Follower | None]]]:
    """Yield the releases of the register of *store* with what they mention, without hidden ones.

    The last are the releases that follow what falls due, in the order of ``Mentions.due``.

    Raises:
        ConfigError: the file of names is not as it must be.
        EngineError: the register cannot be read, or the names changed after it was made.
    """
    file, names = register_file(store.path), load_names(store.path.with_name(NAMES))
    state = file.state()
    if state is None:
        return
    if state.rules.split()[-1] != names.fingerprint:
        raise EngineError(f"{store.path.with_name(NAMES)}: changed after the last `reindex`; run `reindex`")
    file = file.without(absent_ids(store))
    for line, found in file.every():
        yield line, found, _followers(file, line, found) if found.due else ()


def _followers(file: RegisterFile, line: ReleaseLine, found: Mentions) -> Sequence[Follower | None]:
    listed = file.due(CalendarFilter(release=line.id))
    by_time = {(one.start + one.time[0], one.kind): one.followed_by for one in listed}
    return [by_time.get((one.start, one.kind)) for one in found.due]


def text_of(stored: StoredRelease) -> str:
    """Return the text in which the places of mentions are: lead and body, masked, an empty line between."""
    release = stored.release
    return "\n\n".join(filter(None, (mask(release.lead), mask(release.body))))


def _listed(found: Mentions, stored: StoredRelease, names: ListedNames) -> Mentions:
    """Return the mentions that may be listed.

    Releases of the police name victims and suspects: a person needs an office, or words of their own.
    """
    ministry = stored.release.ministry
    listed = {
        person.name: names.listed(person.name, institution=ministry, release=stored.id)
        for person in found.persons
    }
    hidden = _hidden_places(found, stored, names)
    statements = [
        replace(one, speaker=one.speaker and listed.get(one.speaker, one.speaker))
        for one in found.statements
        if (one.speaker is None or listed.get(one.speaker, one.speaker) is not None)
        and not _holds_any((one.start, one.end), hidden)
    ]
    speakers = {one.speaker for one in statements}
    persons: dict[str, Person] = {}
    for person in found.persons:
        name = listed[person.name]
        is_whole = "." not in person.name.split()[0]  # initials may be anybody's
        if name is None or not is_whole or not (person.roles or name in speakers):
            continue
        known = persons.get(name)
        persons[name] = replace(
            person,
            name=name,
            forms=tuple(sorted({*person.forms, *(known.forms if known else ())})),
            roles=(*(known.roles if known else ()), *person.roles),
        )
    due = tuple(one for one in found.due if not _holds_any(one.sentence, hidden))
    return replace(found, persons=tuple(persons.values()), statements=tuple(statements), due=due)


def _hidden_places(found: Mentions, stored: StoredRelease, names: ListedNames) -> Sequence[Span]:
    ministry = stored.release.ministry
    return [
        place
        for person in found.persons
        if names.listed(person.name, institution=ministry, release=stored.id) is None
        for place in person.forms
    ]


def _holds_any(passage: Span, places: Iterable[Span]) -> bool:
    start, end = passage
    return any(start <= first < end for first, _ in places)


def record_mentions(
    store: Store, reader: MentionReader, *, on_progress: Callable[[int], None] = lambda _: None
) -> int:
    """Bring the register up to date with *store*; return how many releases were looked at.

    *on_progress* gets their number since its last call.

    Raises:
        EngineError: the file cannot be read or written.
    """
    file, now = reader.register, _state(store, reader)
    since = _recorded_up_to(file, now)
    if file.state() == now:
        return 0
    if since:
        return _record(file, store, reader, now, since=since, on_progress=on_progress)
    draft = RegisterFile(file.path.with_name(f"{FILE}.draft"))
    draft.remove()
    count = _record(draft, store, reader, now, since=0, on_progress=on_progress)
    file.become(draft)
    return count


def count_unread(store: Store, reader: MentionReader) -> int:
    """Return how many changes of *store* the register has not read yet."""
    now = _state(store, reader)
    return now.number - _recorded_up_to(reader.register, now)


def _state(store: Store, reader: MentionReader) -> FileState:
    return FileState(rules=reader.rules, epoch=store.epoch(), number=store.last_number())


def _recorded_up_to(file: RegisterFile, now: FileState) -> int:
    """Return the last change that *file* has as the rules of *now* read it; 0 if it must be made anew."""
    was = file.state()
    is_same = was is not None and (was.rules, was.epoch) == (now.rules, now.epoch)
    return was.number if was and is_same and was.number <= now.number else 0


def _record(
    file: RegisterFile,
    store: Store,
    reader: MentionReader,
    state: FileState,
    *,
    since: int,
    on_progress: Callable[[int], None],
) -> int:
    count = 0
    changes = takewhile(lambda stored: stored.number <= state.number, store.changes_since(since))
    while batch := list(islice(changes, _RELEASES_WRITTEN)):
        # All is read before the file is locked. What was interrupted is done again.
        shown = [_registered(one, store, reader) for one in batch if one.state != "hidden"]
        with file.writing() as writer:
            for stored in batch:
                writer.remove(stored.id)
            for one in shown:
                writer.write(one)
        count += len(batch)
        on_progress(len(batch))
    with file.writing() as writer:
        changed = writer.changed_groups()
    for group in changed:
        with file.writing() as writer:
            writer.follow(group, lambda id_, matter: _quoted(id_, matter, store, reader))
    with file.writing() as writer:
        writer.finish()
    file.finish(state)
    return count


def _registered(stored: StoredRelease, store: Store, reader: MentionReader) -> RegisteredRelease:
    release, text, mentions = stored.release, text_of(stored), reader.read(stored)
    title = mask(release.title)
    matters = MatterReader(title, text, release.language, reader.analyzer)
    return RegisteredRelease(
        line=ReleaseLine(
            id=stored.id,
            ministry=release.ministry,
            language=release.language,
            title=title,
            published=release.published,
        ),
        change=stored.number,
        version=store.last_version(stored.id),
        mentions=mentions,
        text=text,
        statements=[_statement(one, text, stored, reader.analyzer) for one in mentions.statements],
        beside=list(_beside(mentions, text)),
        topic=matters.topic(mentions),
        matters=[matters.matter(one, mentions) for one in mentions.due],
    )


def _quoted(
    release: str, matter: Sequence[MatterWord], store: Store, reader: MentionReader
) -> QuotedSentence | None:
    """Return the sentence of a *release* that shares most with a *matter*; None if it names who is hidden."""
    stored = store.get(release)
    if stored is None:
        return None
    text = text_of(stored)
    quoted = MatterReader("", text, stored.release.language, reader.analyzer).quotable(matter)
    if quoted is None or _holds_any(quoted, reader.hidden_places(stored)):
        return None
    return (*quoted, text[slice(*quoted)])


def _statement(one: Statement, text: str, stored: StoredRelease, analyzer: Analyzer) -> RegisteredStatement:
    words = text[one.start : one.end]
    tokens = analyzer.analyze(words, stored.release.language)
    return RegisteredStatement(
        speaker=one.speaker,
        office=one.office,
        verb=one.verb,
        is_direct=one.direct,
        start=one.start,
        end=one.end,
        text=words,
        words=frozenset(term for token in tokens for term in (*token.forms.lemma, *token.forms.exact)),
    )


def _beside(mentions: Mentions, text: str) -> Iterator[tuple[str, str]]:
    """Yield the pairs of persons who are named in one sentence, each in both orders."""
    starts = [start for start, _ in spans(text)]
    named: dict[int, set[str]] = {}
    for person in mentions.persons:
        for start, _ in person.forms:
            named.setdefault(bisect_right(starts, start), set()).add(person.name)
    pairs = {pair for names in named.values() for pair in combinations(sorted(names), 2)}
    for one, other in sorted(pairs):
        yield one, other
        yield other, one
