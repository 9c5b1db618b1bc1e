"""What falls due: times for which a text announces something, or by which somebody has to act."""

import re
from collections.abc import Sequence
from datetime import date, timedelta

from index.mentions.annotated_text import AnnotatedText
from index.mentions.due.kinds import Matter, asks, kind_of
from index.mentions.due.predicates import Predicate, Tense, find_predicates
from index.mentions.due.relations import (
    Relation,
    follows_dash,
    is_alone,
    relation_of,
    start_with_preposition,
)
from index.mentions.due.subjects import subject_of
from index.mentions.due.times import NamedTime, TimeFinder
from index.mentions.records import Due, Span

_NEAR = timedelta(days=184)
"""The present tense announces what is near: `stājas spēkā 1. jūlijā`, not that of the next year."""
_NEXT_TIME = timedelta(days=320)
"""A time without a year that is later has more likely just begun."""
_FARTHEST_YEARS = 35
_WORDS_OF_LIST = 4
"""Between two times of one list: `24. martā Gulbenē, 31. martā Kuldīgā`."""
_YEAR = re.compile(r"\b20\d\d")
_CLAUSE_END = re.compile(
    r"[;:]|, (?:ka|kas|kur[aišuāo]\w*|kam|ko|jo|bet|lai|kad|ja|taču|savukārt|tāpēc|tādēļ|līdz ar)\b| – "
)
_CONDITION = re.compile(r"[ ,;:–-]*(?:ja|если|if)\b[^,]*$", re.IGNORECASE)
_RECURRENT = re.compile(
    r"\b(?:katr[uaā]|ikgad\w*|ikdien\w*|ik|vienmēr|parasti|tradicionāli|every|each|usually|ежегодно|кажд\w+)\b",
    re.IGNORECASE,
)
_DOUBTS = (
    "diez vai", "iespējams,", "varbūt", "bažīj", "prognozē", "šaubās", "вряд ли", "возможно", "perhaps",
    "unlikely", " fear",
)  # fmt: skip
"""Parts of words of a sentence that is not sure of what it says, in lower case."""


def find_due(annotated: AnnotatedText, published: date | None) -> tuple[Due, ...]:
    """Return what a text announces, in order; nothing without the day on which it was *published*."""
    if published is None:
        return ()
    times = TimeFinder(annotated, published)
    if not times.may_find(0, len(annotated.text)):
        return ()
    return tuple(
        due
        for start, end in annotated.sentences
        if times.may_find(start, end)
        for due in _in_sentence(annotated, (start, end), times, published)
    )


def _in_sentence(
    annotated: AnnotatedText, sentence: Span, times: TimeFinder, published: date
) -> Sequence[Due]:
    text, (start, end) = annotated.text, sentence
    if text[end - 1] == "?":
        return ()
    to_come = [time for time in times.find(start, end) if _is_near_future(time, published)]
    if not to_come or _is_doubted(text[start:end]):
        return ()
    predicates = find_predicates(annotated, start, end)
    if not _may_announce(text[start:end], predicates, published):
        return ()
    reader = _SentenceReader(annotated, sentence, predicates, published)
    for time in to_come:
        reader.read(time)
    return reader.found


def _is_near_future(time: NamedTime, published: date) -> bool:
    return time.last >= published and time.last.year <= published.year + _FARTHEST_YEARS


def _is_doubted(sentence: str) -> bool:
    return any(map(sentence.lower().__contains__, _DOUBTS))


def _may_announce(sentence: str, predicates: Sequence[Predicate], published: date) -> bool:
    """Return whether anything may be announced: a report of the past that names no later year does not."""
    if any(one.tense is not Tense.PAST for one in predicates) or not predicates:
        return True
    is_later = any(int(year) >= published.year for year in _YEAR.findall(sentence))
    return is_later or "nākam" in sentence or "next" in sentence


class _SentenceReader:
    """Reads the times of a sentence in order; a list goes on as it began."""

    def __init__(
        self, annotated: AnnotatedText, sentence: Span, predicates: Sequence[Predicate], published: date
    ) -> None:
        self._annotated, self._sentence = annotated, sentence
        self._predicates, self._published = predicates, published
        self.found: list[Due] = []

    def read(self, time: NamedTime) -> None:
        """Add what is announced for *time*, if anything is."""
        relation = relation_of(self._annotated, time, self._sentence)
        if relation is None or not _is_to_come(time, relation, self._published):
            return
        matter, is_nominal = self._matter(time, relation)
        if matter is None or not _is_announced(time, matter, self._published):
            return
        is_listed = is_nominal and self._continues(time)
        start = start_with_preposition(self._annotated.text, time, self._sentence)
        self.found.append(
            Due(
                first=time.last if relation == "until" and time.is_end else time.first,
                last=time.last,
                kind=self.found[-1].kind if is_listed else kind_of(matter),
                who=self._who(matter, start, time),
                start=start,
                end=time.end,
                sentence=self._sentence,
            )
        )

    def _matter(self, time: NamedTime, relation: Relation) -> tuple[Matter | None, bool]:
        """Return what is said of *time*, and whether it is said without a verb."""
        text, (start, end) = self._annotated.text, _clause(self._annotated.text, time, self._sentence)
        inside = [one for one in self._predicates if start <= one.start < end]
        is_nominal = not inside and self._needs_no_verb(time)
        if not inside and not is_nominal:
            (start, end), inside = self._sentence, list(self._predicates)
        governing = _governing(text, time, inside)
        before = text[start : time.start]
        if (governing is None and not is_nominal) or _CONDITION.match(before) or _RECURRENT.search(before):
            return None, is_nominal
        verb = (
            " ".join(text[governing.start : governing.end + 60].split()[:3]) if governing else text[start:end]
        )
        is_day = time.first == time.last
        return Matter(relation, text[start:end], verb, governing, inside, is_day), is_nominal

    def _who(self, matter: Matter, start: int, time: NamedTime) -> str | None:
        one = matter.governing
        if one is None or self._annotated.language != "lv":
            return None
        between = (one.end, start) if one.end <= start else (time.end, one.start)
        if "," in self._annotated.text[slice(*between)]:
            return None
        return subject_of(
            self._annotated.text, self._sentence[0], (one.start, one.end), one.tense, (start, time.end)
        )

    def _needs_no_verb(self, time: NamedTime) -> bool:
        """Return whether no verb is needed: `Atklāšana – 4. jūlijā`, `Pieteikumi līdz 5. maijam`."""
        text = self._annotated.text
        start = start_with_preposition(text, time, self._sentence)
        return (
            is_alone(text, time, self._sentence)
            or follows_dash(text, start, self._sentence)
            or asks(text[self._sentence[0] : start])
            or (not self._predicates and self._is_in_list(time))
        )

    def _is_in_list(self, time: NamedTime) -> bool:
        if not self.found:
            return False
        return self._annotated.text[self.found[-1].end : time.start].count(" ") <= _WORDS_OF_LIST

    def _continues(self, time: NamedTime) -> bool:
        return bool(self.found) and ";" not in self._annotated.text[self.found[-1].end : time.start]


def _is_to_come(time: NamedTime, relation: Relation, published: date) -> bool:
    """Return whether a time is to come: not the year of the release, nor a day that has just passed."""
    if (time.first, time.last) == (date(published.year, 1, 1), date(published.year, 12, 31)):
        return relation == "until"
    if relation == "from" and time.first < published:
        return False
    return time.has_year or relation in ("until", "range") or time.first - published <= _NEXT_TIME


def _clause(text: str, time: NamedTime, sentence: Span) -> Span:
    start, end = sentence
    for match in _CLAUSE_END.finditer(text, start, time.start):
        start = match.start() + 1
    following = _CLAUSE_END.search(text, time.end, end)
    return start, following.start() if following else end


def _governing(text: str, time: NamedTime, predicates: Sequence[Predicate]) -> Predicate | None:
    """Return the nearest predicate, counted in words; a comma is as far as five."""

    def distance(one: Predicate) -> int:
        between = text[one.end : time.start] if one.end <= time.start else text[time.end : one.start]
        return between.count(" ") * 2 + (one.end <= time.start) + between.count(",") * 10

    return min(predicates, key=distance, default=None)


def _is_announced(time: NamedTime, matter: Matter, published: date) -> bool:
    tense = matter.tense
    if tense is not Tense.FUTURE and matter.is_day and time.first == published and time.has_year:
        return False  # šodien
    if tense in (Tense.FUTURE, Tense.DUTY, Tense.PLAN):
        return True
    if tense in (Tense.DENIED, Tense.CONDITIONAL):
        return False
    if time.has_year and time.first > published:
        return True
    if tense in (Tense.INVITATION, Tense.CHARGE):
        return matter.relation != "in"
    return tense in (Tense.PRESENT, None) and time.first - published <= _NEAR
