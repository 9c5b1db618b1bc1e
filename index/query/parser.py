"""The query parser: accepts any text, in time linear in its length."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from dataclasses import replace as change
from datetime import date

from msgspec.structs import replace

from index.analysis import Analyzer
from index.query.ast import AnyOf, Clause, Everything, Part, Query, Sort
from index.query.date_terms import join_days, named_day
from index.query.filters import Filters
from index.query.initials import join_initials
from index.query.lexemes import Lexeme, LexemeKind, join_texts
from index.query.lexer import WORDS_MAX, Lexer
from index.query.periods import Period, TypedDate, count_spoken, find_periods, is_plausible, read_date
from index.query.rewrite import all_of, make_optional, negate, restrict
from index.query.synonyms import Synonyms
from index.query.times.appearances import spell_out_appearance
from index.query.typed_filters import KnownValues, TypedFilters

TEXT_CHARS = 10_000
"""The most characters that are read; a longer query is marked as cut."""

# --- Well-formed lexemes --------------------------------------------------------------------------


def _make_well_formed(lexemes: Sequence[Lexeme]) -> tuple[list[Lexeme], tuple[str, ...]]:
    """Return the lexemes of a well-formed query, and the texts of the clauses that were dropped."""
    kept = _drop_stop_words(_drop_dangling(_balance_parentheses(lexemes)))
    kept = _drop_dangling(_drop_dangling(kept))  # twice: the first pass may leave an empty group
    ids = set(map(id, kept))
    dropped = (lexeme for lexeme in lexemes if lexeme.clause and id(lexeme) not in ids)
    return kept, tuple(lexeme.text for lexeme in dropped)


def _read_lone_operators(lexemes: Sequence[Lexeme]) -> Sequence[Lexeme]:
    """Return *lexemes*; without any clause, operators become words: `NE` alone is a word."""
    if any(lexeme.kind == "clause" for lexeme in lexemes):
        return lexemes
    return [replace(lexeme, kind="clause") for lexeme in lexemes if lexeme.clause][:WORDS_MAX]


def _drop_stop_words(lexemes: Sequence[Lexeme]) -> Sequence[Lexeme]:
    """Return *lexemes* without stop words, unless nothing else remains; `-par` and `virsraksts:par` stay."""
    before = (None, *(lexeme.kind for lexeme in lexemes))
    kept = [
        lexeme
        for lexeme, kind in zip(lexemes, before, strict=False)
        if not lexeme.is_stop or kind in ("not", "part")
    ]
    return kept if any(lexeme.kind == "clause" for lexeme in kept) else lexemes


def _balance_parentheses(lexemes: Sequence[Lexeme]) -> list[Lexeme]:
    """Return *lexemes* without unmatched closing parentheses, and with missing ones added at the end."""
    balanced: list[Lexeme] = []
    depth = 0
    for lexeme in lexemes:
        if lexeme.kind == "close" and depth == 0:
            continue
        depth += {"open": 1, "close": -1}.get(lexeme.kind, 0)
        balanced.append(lexeme)
    return balanced + [_CLOSE] * depth


_FOLLOWED_BY: dict[LexemeKind, tuple[LexemeKind, ...]] = {
    "and": ("clause", "open", "not", "part"),
    "or": ("clause", "open", "not", "part"),
    "not": ("clause", "open", "not", "part"),
    "part": ("clause", "open"),
}
_PRECEDED_BY: dict[LexemeKind, tuple[LexemeKind, ...]] = {
    "and": ("clause", "close"),
    "or": ("clause", "close"),
}


def _drop_dangling(lexemes: Sequence[Lexeme]) -> list[Lexeme]:
    """Return *lexemes* without operators that lack an operand, and without empty groups."""
    kept: list[Lexeme] = []
    for at in reversed(range(len(lexemes))):
        kind = lexemes[at].kind
        follows = kept[-1].kind if kept else None
        precedes = lexemes[at - 1].kind if at else None
        if kind in _FOLLOWED_BY and follows not in _FOLLOWED_BY[kind]:
            continue
        if kind in _PRECEDED_BY and precedes not in _PRECEDED_BY[kind]:
            continue
        if (kind, follows) in (("not", "not"), ("open", "close")):  # NE NE, ()
            kept.pop()
            continue
        kept.append(lexemes[at])
    return kept[::-1]


# --- From lexemes to a tree ----------------------------------------------------------------------


@dataclass(slots=True)
class _Group:
    """The content of a pair of parentheses, read so far."""

    alternatives: list[list[Clause]] = field(default_factory=lambda: [[]])
    negated: bool = False
    part: Part | None = None

    def add(self, clause: Clause) -> None:
        if self.part:
            clause = restrict(clause, self.part)
        self.alternatives[-1].append(negate(clause) if self.negated else clause)
        self.negated, self.part = False, None

    def clause(self) -> Clause:
        clauses = [all_of(_join(clauses)) for clauses in self.alternatives if clauses]
        return clauses[0] if len(clauses) == 1 else AnyOf(tuple(clauses))


def _join(clauses: Sequence[Clause]) -> list[Clause]:
    """Return *clauses*, in which initials with a surname and dates in words are one clause each."""
    return list(join_days(list(join_initials(clauses))))


def _build_clause(lexemes: Sequence[Lexeme]) -> Clause:
    groups = [_Group()]
    for lexeme in lexemes:
        match lexeme.kind:
            case "clause" if lexeme.clause:
                groups[-1].add(lexeme.clause)
            case "or":
                groups[-1].alternatives.append([])
            case "not":
                groups[-1].negated = True  # two in a row were dropped before
            case "part":
                groups[-1].part = lexeme.part
            case "open":
                groups.append(_Group())
            case "close":
                clause = groups.pop().clause()
                groups[-1].add(clause)
    return groups[0].clause() if lexemes else Everything()


def _reading(lexemes: Sequence[Lexeme]) -> str:
    texts = (_OPERATOR_TEXTS.get(lexeme.kind, lexeme.text) for lexeme in lexemes if lexeme.kind != "and")
    return join_texts(texts, between_numbers=" UN ")


_OPERATOR_TEXTS: dict[LexemeKind, str] = {"or": "VAI", "not": "-"}
_CLOSE = Lexeme(kind="close", text=")")


# --- From text to a query -------------------------------------------------------------------------

# Control characters and lone surrogates cannot be shown on a page.
_UNPRINTABLE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
_NO_FILTERS = Filters()
_NO_ALIASES: Mapping[str, Sequence[str]] = {}
_NONE_KNOWN: Mapping[str, KnownValues] = {}


def parse(
    text: str,
    *,
    analyzer: Analyzer,
    today: date,
    ministries: Sequence[str] = (),
    aliases: Mapping[str, Sequence[str]] = _NO_ALIASES,
    known: Mapping[str, KnownValues] = _NONE_KNOWN,
    synonyms: Synonyms | None = None,
    filters: Filters = _NO_FILTERS,
    bounds: bool = True,
    sort: Sort = "relevance",
    page: int = 1,
    per_page: int = 10,
) -> Query:
    """Return the query that *text* means; never raises.

    `ministrija:` accepts the beginning of any name in *ministries*, and *aliases* in lower case; *known* has
    the values of all filters that are not fixed, by name of the filter.
    Filters in the text (`gads:2017`) are combined with *filters*, and so are times such as `pēc 2024. gada`;
    without *bounds*, these are words.
    """
    printable = _UNPRINTABLE.sub(" ", text[:TEXT_CHARS])
    parser = _Parser(
        analyzer=analyzer,
        today=today,
        known={"ministry": KnownValues(ministries, aliases), **known},
        synonyms=synonyms,
        filters=filters,
        bounds=bounds,
        empty=Query(text="", clause=Everything(), reading="", sort=sort, page=page, per_page=per_page),
    )
    query = parser.read(spell_out_appearance(printable))
    return replace(query, text=printable, cut=query.cut or len(text) > TEXT_CHARS)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Parser:
    analyzer: Analyzer
    today: date
    known: Mapping[str, KnownValues]
    synonyms: Synonyms | None
    filters: Filters
    bounds: bool
    empty: Query
    """A query for everything, with the order and the page."""

    def read(self, text: str) -> Query:
        """Return the query that the printable *text* means."""
        query, hides_period = self._read(text)
        if not hides_period:
            return query
        again, _ = self._read(query.reading)
        return replace(again, text=text, ignored=query.ignored, notes=query.notes, cut=query.cut, periods=())

    def _read(self, text: str) -> tuple[Query, bool]:
        """Return the query, and whether its words with spaces between them are a period: `vasara+2020`."""
        typed_filters = TypedFilters(self.known, self.today)
        periods = find_periods(text, today=self.today)
        if not self.bounds:
            periods = tuple(
                change(period, spoken=False, bound=False) if period.bound else period for period in periods
            )
        lexer, lexemes = self._lex(text, typed_filters, periods)
        usable = _read_lone_operators(lexemes)
        is_cut = sum(lexeme.clause is not None for lexeme in lexemes) > len(usable)
        well_formed, ignored = _make_well_formed(usable)
        clause = make_optional(_build_clause(well_formed), lexer.wishes)
        clause, expansions = self.synonyms.expand(clause) if self.synonyms else (clause, ())
        words, filter_texts = _reading(well_formed), typed_filters.texts
        # `NE` as a word would negate a filter after it.
        shown = (words, *filter_texts) if usable is lexemes else (*filter_texts, words)
        query = replace(
            self.empty,
            text=text,
            clause=clause,
            reading=join_texts(shown, between_numbers=" "),
            ignored=(*ignored, *lexer.unknown_filters),
            notes=tuple(lexer.notes),
            synonyms=expansions,
            periods=tuple(
                period
                for period in periods
                if period.bound or not (period.excluded or _is_inside(period, lexer.filter_spans))
            ),
            cut=lexer.cut or is_cut,
            filters=typed_filters.apply_to(self.filters),
        )
        spoken = lexer.spoken_periods
        if query.reading != text and count_spoken(query.reading, today=self.today) > spoken:
            return query, True
        rest = _blank(text, lexer.filter_spans)
        return _read_time(query, rest, well_formed, filter_texts, self.today), False

    def _lex(
        self, text: str, typed_filters: TypedFilters, periods: Sequence[Period]
    ) -> tuple[Lexer, list[Lexeme]]:
        lexer = Lexer(text, self.analyzer, typed_filters, periods, self.today)
        lexemes = list(lexer)
        if typed_filters.texts or not lexer.unknown_filters or any(lexeme.clause for lexeme in lexemes):
            return lexer, lexemes
        lexer = Lexer(text, self.analyzer, typed_filters, periods, self.today, unknown_as_words=True)
        return lexer, list(lexer)


# --- A time alone ---------------------------------------------------------------------------------


def _is_inside(period: Period, spans: Sequence[tuple[int, int]]) -> bool:
    return any(start <= period.start < end for start, end in spans)


def _blank(text: str, spans: Sequence[tuple[int, int]]) -> str:
    for start, end in spans:
        text = f"{text[:start]}{' ' * (end - start)}{text[end:]}"
    return text


def _read_time(
    query: Query, text: str, lexemes: Sequence[Lexeme], filter_texts: Sequence[str], today: date
) -> Query:
    """Return *query* or, if its *text* without filters is only a time, the query for its releases."""
    kinds, words = {lexeme.kind for lexeme in lexemes}, _reading(lexemes)
    if "not" in kinds:  # 2017 -2019
        return query
    # Stop words and punctuation around a time do not matter.
    for time_text in (text, words) if kinds <= {"clause", "and"} else (text,):
        reading = read_date(time_text, today=today)
        if reading and is_plausible(reading.days):
            shown = (" ".join(time_text.split()).strip(",;!? "), *filter_texts)
            query = replace(query, reading=join_texts(shown, between_numbers=" "))
            if time_text is text:  # `gada` belongs to the time, although no release is searched for it
                unknown = {note.text for note in query.notes}
                query = replace(query, ignored=tuple(word for word in query.ignored if word in unknown))
            # In parentheses, a time is read as words.
            in_words = join_texts(("(", words, ")", *filter_texts), between_numbers=" ")
            return _published_in(query, reading, in_words)
    return query


def _published_in(query: Query, reading: TypedDate, in_words: str) -> Query:
    """Return the query for all releases of the time that the words of *query* name."""
    first, last = reading.days
    # `6 September 2023` is also `6. septembris`; of `14. martā`, any year is meant.
    clause = query.clause
    if first == last:
        named = named_day(first)
        clause = named if str(first.year) in query.text else AnyOf((query.clause, named))
    published_from = max(first, query.filters.published_from or first)
    published_to = min(last, query.filters.published_to or last)
    return replace(
        query,
        clause=Everything(),
        periods=(),
        time=reading.days,
        words=None if reading.relative else replace(query, text=in_words, clause=clause),
        filters=replace(query.filters, published_from=published_from, published_to=published_to),
        sort="newest" if query.sort == "relevance" else query.sort,
    )
