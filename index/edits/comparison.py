"""Compares two versions of a release: from their texts to the record of the edit."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date

from crawler.config import Language
from index.analysis import Analyzer, default_analyzer
from index.analysis.latvian.letters import fold
from index.edits.edit_record import KIND_OF, Change, EditRecord, Part, Reason, Subject, VersionText
from index.edits.links import changed_links
from index.edits.page_furniture import is_counter, is_credit
from index.edits.reasons import READ_CHARS, Judge, count_words_apart
from index.edits.sentence_pairs import (
    ComparedSentence,
    Group,
    pair_sentences,
    read_sentences,
    share_of_words,
    whole,
)
from index.edits.weights import MINOR, weigh_changes, weigh_reasons

# Changes of a record, characters of one side of a change, and changes that are judged: the others only count.
CHANGES, SENTENCE_CHARS, JUDGED = 40, 1_200, 1_000
# Characters before the first difference of two long sentences that are still read and quoted.
_BEFORE = 200
# A removed line of fewer words is a heading or a link.
_SENTENCE_WORDS = 4
_LIGHT = 12
# A title that shares a smaller part of its words with the earlier one is another.
_SAME_TITLE = 0.3
# What a removed passage weighs more, by its sentences.
_MORE_PASSAGE = 5
# What other words weigh more at most, by their number.
_MORE_WORDING = 20


def compare(
    older: VersionText, newer: VersionText, language: Language, analyzer: Analyzer | None = None
) -> EditRecord:
    """Return what the edit from *older* to *newer* did.

    >>> edit = compare(
    ...     VersionText("Sēde", "", "Pabalstu saņems 1 800 ģimeņu. Sēde ir slēgta."),
    ...     VersionText("Sēde", "", "Sēde ir slēgta. Pabalstu saņems 2 300 ģimeņu."),
    ...     "lv",
    ... )
    >>> edit.weight, edit.changes[0].reasons
    (85, (Reason(subject='number', older='1 800', newer='2 300'),))
    """
    sentences, others = read_sentences(older), read_sentences(newer)
    judge = Judge(language, _capitalized(older, newer), analyzer or default_analyzer())
    pairing = pair_sentences(sentences, others)
    joined = _join_runs(pairing.groups)
    changes = [*_title(older.title, newer.title, judge)]
    changes += (_judge(group, older, newer, judge) for group in joined[:JUDGED])
    if links := changed_links(older, newer):
        changes.append(_unchanged(links))
    changes += _day(older.published, newer.published)
    changes.sort(key=lambda change: -change.weight)
    if not changes and _words_of(older) != _words_of(newer):
        changes = [_unchanged((Reason("order" if pairing.is_reordered else "spacing"),))]
    kinds = dict.fromkeys(KIND_OF[reason.subject] for change in changes for reason in change.reasons)
    return EditRecord(
        weight=weigh_changes(change.weight for change in changes),
        kinds=tuple(kinds),
        changes=tuple(changes[:CHANGES]),
        added=sum(len(group.newer) for group in joined if not group.older),
        removed=sum(len(group.older) for group in joined if not group.newer),
        changed=sum(bool(group.older and group.newer) for group in joined),
    )


def _words_of(text: VersionText) -> VersionText:
    return replace(text, links=(), published=None)


def _day(older: date | None, newer: date | None) -> Iterator[Change]:
    """Yield the change of the stated day; one that is unknown may be on the page, unread."""
    if older and newer and older != newer:
        yield _unchanged((Reason("published", older.isoformat(), newer.isoformat()),))


def _unchanged(reasons: tuple[Reason, ...]) -> Change:
    """Return a change of no sentence."""
    return _change(Group(newer=[whole("body", "")]), "", "", reasons)


def _capitalized(*texts: VersionText) -> frozenset[str]:
    """Return the words (folded) that are capitalised within a sentence: names, also where they begin one."""
    found: set[str] = set()
    for text in texts:
        for line in (text.lead, text.body):
            before = ""
            for word in line.split(None, READ_CHARS):
                if word[0].isupper() and before and before[-1].isalnum():
                    found.add(fold(word.rstrip('.,;:!?"”“)').lower()))
                before = word
    return frozenset(found)


def _join_runs(groups: Sequence[Group]) -> list[Group]:
    """Return the *groups* in reading order, with sentences removed or added in a row as one."""
    joined: list[Group] = []
    pairs = [group for group in groups if group.older and group.newer]
    for group in pairs:
        group.older.sort(key=lambda one: one.number)
        group.newer.sort(key=lambda one: one.number)
    joined += sorted(pairs, key=lambda group: group.newer[0].number)
    removed = (one for group in groups if not group.newer for one in group.older)
    added = (one for group in groups if not group.older for one in group.newer)
    joined += (Group(older=run) for run in _runs(removed))
    joined += (Group(newer=run) for run in _runs(added))
    return joined


def _runs(sentences: Iterator[ComparedSentence]) -> Iterator[list[ComparedSentence]]:
    run: list[ComparedSentence] = []
    for sentence in sorted(sentences, key=lambda one: one.number):
        is_next = run and run[-1].part == sentence.part and run[-1].number + 1 == sentence.number
        if not is_next or _is_furniture(sentence.text) or _is_furniture(run[-1].text):
            if run:
                yield run
            run = []
        run.append(sentence)
    if run:
        yield run


def _title(older: str, newer: str, judge: Judge) -> Iterator[Change]:
    if older == newer:
        return
    group = Group([whole("title", older)] if older else [], [whole("title", newer)] if newer else [])
    is_another = share_of_words(whole("title", older), whole("title", newer)) < _SAME_TITLE
    # The numbers and names of another title were not changed: it speaks of other things.
    reasons = (
        (Reason("title"),)
        if is_another
        else _of_part("title", judge.reasons(*_from_difference(older, newer, READ_CHARS)))
    )
    yield _change(group, older, newer, reasons)


def _judge(group: Group, older: VersionText, newer: VersionText, judge: Judge) -> Change:
    before, after = _text(group.older, older), _text(group.newer, newer)
    if group.older and group.newer:
        part = group.newer[0].part
        read = _from_difference(before, after, READ_CHARS)
        reasons = _of_part(part, judge.reasons(*read))
        change = _change(group, before, after, reasons)
        if reasons[0].subject != "wording":
            return change
        more = min(_MORE_WORDING, count_words_apart(*(text[:READ_CHARS] for text in read)) - 1)
        return replace(change, weight=weigh_reasons(reasons, more=more))
    sentences, text = (group.older, before) if group.older else (group.newer, after)
    if group.newer:
        subject: Subject = "sentence_added"
    else:
        subject = "passage_removed" if len(sentences) > 1 else "sentence_removed"
    if _is_furniture(text):
        return _change(group, before, after, (Reason("credit" if is_credit(text) else "counter"),))
    change = _change(group, before, after, (Reason(subject),))
    if sum(len(one.words) for one in sentences) < _SENTENCE_WORDS:
        return replace(change, weight=_LIGHT)
    more = min(_MORE_PASSAGE, len(sentences) - 1) + bool(judge.facts_of(text))
    return replace(change, weight=weigh_reasons(change.reasons, more=more))


def _of_part(part: Part, reasons: tuple[Reason, ...]) -> tuple[Reason, ...]:
    """Return the *reasons* with that of the title or the lead, unless the change is minor."""
    if part == "body" or weigh_reasons(reasons) < MINOR:
        return reasons
    others = tuple(reason for reason in reasons if reason.subject != "wording")
    own = Reason("title" if part == "title" else "lead")
    return tuple(sorted((*others, own), key=lambda reason: -weigh_reasons((reason,))))


def _text(sentences: Sequence[ComparedSentence], text: VersionText) -> str:
    """Return the text of *sentences*: as it stands if they follow each other, else joined."""
    if not sentences:
        return ""
    first, last = sentences[0], sentences[-1]
    if first.part == last.part and last.number - first.number == len(sentences) - 1:
        return (text.lead if first.part == "lead" else text.body)[first.start : last.end]
    return " ".join(one.text for one in sentences)


def _change(group: Group, older: str, newer: str, reasons: tuple[Reason, ...]) -> Change:
    sentences = group.newer or group.older
    older, newer = _from_difference(older, newer, SENTENCE_CHARS)
    return Change(
        part=sentences[0].part,
        older=_clip(older),
        newer=_clip(newer),
        older_at=_span(group.older),
        newer_at=_span(group.newer),
        weight=weigh_reasons(reasons),
        reasons=reasons,
    )


def _span(sentences: Sequence[ComparedSentence]) -> tuple[int, int]:
    """Return the characters of *sentences* in their part; of several parts, of the first."""
    same = [one for one in sentences if one.part == sentences[0].part]
    return (same[0].start, same[-1].end) if same else (0, 0)


def _from_difference(older: str, newer: str, chars: int) -> tuple[str, str]:
    """Return two texts from shortly before their first difference on; whole if neither is over *chars* long.

    The longer one keeps *chars* characters.
    """
    shortest, longest = sorted((len(older), len(newer)))
    if longest <= chars:
        return older, newer
    first = next((at for at in range(shortest) if older[at] != newer[at]), shortest)
    start = min(first - _BEFORE, longest - chars)
    if start <= 0:
        return older, newer
    start = older.rfind(" ", max(0, start - _BEFORE), start) + 1 or start
    return f"…{older[start:]}", f"…{newer[start:]}"


def quotes_all(record: EditRecord) -> bool:
    """Return whether *record* quotes every change in full: if not, other edits may have an equal one."""
    quoted = (text for change in record.changes for text in (change.older, change.newer))
    return len(record.changes) < CHANGES and all(len(text) <= SENTENCE_CHARS for text in quoted)


def _clip(text: str) -> str:
    return text if len(text) <= SENTENCE_CHARS else f"{text[:SENTENCE_CHARS]}…"


def _is_furniture(text: str) -> bool:
    return is_credit(text) or is_counter(text)
