"""Days in queries: `14. martā` is one thing said in two words, `14.03.2024` may be written in words."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, timedelta
from itertools import groupby

from index.query.ast import AllOf, AnyOf, Clause, Phrase, Word
from preses_relizes.calendar import LATVIAN_MONTHS

# As the analysis gives them: without diacritics.
_LEMMAS = (
    "janvaris", "februaris", "marts", "aprilis", "maijs", "junijs",
    "julijs", "augusts", "septembris", "oktobris", "novembris", "decembris",
)  # fmt: skip


def joined(clauses: Sequence[Clause]) -> Iterator[Clause]:
    """Yield *clauses*, the number of a day and the month after it as a phrase.

    >>> day, month = Word(text="14", exact=("14",)), Word(text="martā", lemma=("marts",))
    >>> [type(clause).__name__ for clause in joined([day, month])]
    ['Phrase']
    """
    at = 0
    while at < len(clauses):
        pair = clauses[at : at + 2]
        if _is_day(pair):
            words = tuple(word for word in pair if isinstance(word, Word))
            yield Phrase(words=words)
        else:
            yield clauses[at]
        at += 2 if _is_day(pair) else 1


def _is_day(pair: Sequence[Clause]) -> bool:
    match pair:
        case [Word(text=day, part=None), Word(lemma=lemmas, part=None)]:
            return day.isdecimal() and 1 <= int(day[:3]) <= 31 and not set(lemmas).isdisjoint(_LEMMAS)
    return False


def spelt_out(date: Word) -> Clause:
    """Return *date*, `14.03.2024` as read by the tokenizer, also as the year, the day and the month in words.

    >>> spelt_out(Word(text="14.3.2024", exact=("14.03.2024",))).clauses[1].clauses[0].exact
    ('2024',)
    """
    day, month, year = date.exact[0].split(".")
    number, name = day.lstrip("0"), LATVIAN_MONTHS[int(month) - 1]
    lemma = (_LEMMAS[int(month) - 1],)
    words = Phrase(words=(_number(number), Word(text=name, lemma=lemma)))
    return AnyOf((date, AllOf((_number(year), words))))


# More days than these are asked for by month, more months than these by year.
_DAYS_MAX, _MONTHS_MAX = 31, 12


def dated(first: date, last: date) -> Clause:
    """Return what the releases of these days say of their day, and those that name one of them.

    >>> dated(date(2024, 9, 30), date(2024, 10, 1)).lemma
    ('30.09.2024', '01.10.2024')
    """
    days = (last - first).days + 1
    if days <= _DAYS_MAX:
        return _any_of(f"{first + timedelta(number):%d.%m.%Y}" for number in range(days))
    months = range(first.year * 12 + first.month - 1, last.year * 12 + last.month)
    if len(months) > _MONTHS_MAX or (len(months) == _MONTHS_MAX and first.month == 1):
        return _any_of(str(year) for year in range(first.year, last.year + 1))
    by_year = groupby(months, key=lambda month: month // 12)
    return AnyOf(
        tuple(
            AllOf((_any_of([str(year)]), _any_of(_LEMMAS[month % 12] for month in some)))
            for year, some in by_year
        )
    )


def _any_of(terms: Iterable[str]) -> Word:
    named = tuple(terms)
    return Word(text=named[0], lemma=named)


def _number(text: str) -> Word:
    return Word(text=text, lemma=(text,), stem=(text,), exact=(text,))
