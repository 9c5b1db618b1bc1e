"""Clauses that match a day or a period in any spelling."""

import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, timedelta
from itertools import groupby

from index.query.ast import AllOf, AnyOf, Clause, Not, Phrase, Word
from preses_relizes.shared.calendar import LATVIAN_MONTHS, MONTH_NAMES

# The most days of a period to match day by day, and the most months to match month by month.
_DAYS_MAX, _MONTHS_MAX = 31, 12
# Releases that name a day without its year are of no earlier or later years than these.
_YEARS_APART = 40
_YEAR = Word(text="gada", exact=("gada",))
_FIGURE = re.compile(r"\d+")


def join_days(clauses: Sequence[Clause]) -> Iterator[Clause]:
    """Yield *clauses*; a day followed by the name of a month becomes one phrase.

    >>> day, month = Word(text="14", exact=("14",)), Word(text="martā", lemma=("marts",))
    >>> [type(clause).__name__ for clause in join_days([day, month])]
    ['Phrase']
    """
    at = 0
    while at < len(clauses):
        pair = clauses[at : at + 2]
        if _is_day_and_month(pair):
            yield Phrase(words=tuple(word for word in pair if isinstance(word, Word)))
        else:
            yield clauses[at]
        at += 2 if _is_day_and_month(pair) else 1


def _is_day_and_month(pair: Sequence[Clause]) -> bool:
    match pair:
        case [Word(text=day, part=None), Word(lemmas=lemmas, part=None)]:
            return day.isdecimal() and 1 <= int(day[:3]) <= 31 and not set(lemmas).isdisjoint(LATVIAN_MONTHS)
    return False


def spell_out_date(numeric: Word) -> Clause:
    """Return a clause that matches *numeric* (`14.03.2024`) and the same day with its month in words.

    >>> spell_out_date(Word(text="14.3.2024", exact=("14.03.2024",))).clauses[1].clauses[0].exact
    ('2024',)
    """
    day, number, year = numeric.exact[0].split(".")
    month = int(number) - 1
    name = Word(text=LATVIAN_MONTHS[month], lemma=(LATVIAN_MONTHS[month],))
    words = Phrase(words=(_number_word(day.lstrip("0")), name))
    return AnyOf((numeric, AllOf((_number_word(year), words))))


def spell_out_figures(text: str, first: date, last: date) -> str:
    """Return the query for *text*, a date in figures from *first* to *last*, as releases write it.

    >>> spell_out_figures("27/11/17", date(2017, 11, 27), date(2017, 11, 27))
    '27.11.2017'
    >>> spell_out_figures("7.2024", date(2024, 7, 1), date(2024, 7, 31))
    '(2024 jūlijs)'
    >>> spell_out_figures("27.11.", date(2025, 11, 27), date(2025, 11, 27))
    '(27.11 VAI 27 novembris)'
    """
    month = LATVIAN_MONTHS[first.month - 1]
    if first != last:
        return f"({first.year} {month})"
    figures = _FIGURE.findall(text)
    if len(figures) == 2:  # a day without a year: of any year, or the number of a paragraph
        return f"({'.'.join(figures)} VAI {first.day} {month})"
    return f"{first:%d.%m.%Y}"


def named_day(day: date) -> Clause:
    """Return a clause that matches releases that name *day* with its year, in any spelling.

    A day without a year is of that in which the release was published, but not *2006. gada 9. maijā*.
    """
    year, number, month = _number_word(str(day.year)), _number_word(str(day.day)), _month_word(day.month)
    orders = [(year, number, month), (number, month, year), (month, number, year)]
    others = [day.year + apart for apart in range(-_YEARS_APART, _YEARS_APART + 1) if apart]
    published = _any_term(f"{day:%d.%m}.{other}" for other in others)
    of_another_year = AnyOf((Phrase(words=(_YEAR, number, month)), published))
    without_year = AllOf((year, Phrase(words=(number, month)), Not(of_another_year)))
    return AnyOf((_number_word(f"{day:%d.%m.%Y}"), *map(_named_day, orders), without_year))


def _named_day(words: tuple[Word, ...]) -> Phrase:
    return Phrase(words=words, slop=1)  # of the year: 2023. gada maijs


def _month_word(month: int) -> Word:
    names = tuple(name for name, number in MONTH_NAMES.items() if number == month)
    return Word(text=LATVIAN_MONTHS[month - 1], lemma=(LATVIAN_MONTHS[month - 1],), exact=names)


def date_range_clause(first: date, last: date) -> Clause:
    """Return a clause that matches releases published on these days, or that name one of them.

    The day, month and year of its publication are terms of every release.

    >>> date_range_clause(date(2024, 9, 30), date(2024, 10, 1)).lemma
    ('30.09.2024', '01.10.2024')
    """
    days = (last - first).days + 1
    if days <= _DAYS_MAX:
        return _any_term(f"{first + timedelta(number):%d.%m.%Y}" for number in range(days))
    months = range(first.year * 12 + first.month - 1, last.year * 12 + last.month)
    if len(months) > _MONTHS_MAX or (len(months) == _MONTHS_MAX and first.month == 1):
        return _any_term(str(year) for year in range(first.year, last.year + 1))
    by_year = groupby(months, key=lambda month: month // 12)
    return AnyOf(
        tuple(
            AllOf((_any_term([str(year)]), _any_term(LATVIAN_MONTHS[month % 12] for month in months_of_year)))
            for year, months_of_year in by_year
        )
    )


def _any_term(terms: Iterable[str]) -> Word:
    lemmas = tuple(terms)
    return Word(text=lemmas[0], lemma=lemmas)


def _number_word(text: str) -> Word:
    return Word(text=text, lemma=(text,), stem=(text,), exact=(text,))
