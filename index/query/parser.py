"""What people type, read as a query: any text is one, in time that grows with its length."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from index.analysis import Analyzer
from index.query import date_terms
from index.query import initials as names
from index.query.ast import AnyOf, Clause, Everything, Filters, Part, Query, Sort
from index.query.lexer import WORDS_MAX, Kind, Lexeme, Lexer, strung
from index.query.periods import periods
from index.query.rewrite import every, opposite, wished, within
from index.query.synonyms import Synonyms
from index.query.typed_filters import Narrowing

TEXT_CHARS = 10_000
"""What is typed beyond these, or beyond so many words, is not read, and the query says so."""


def _settled(lexemes: Sequence[Lexeme]) -> tuple[list[Lexeme], tuple[str, ...]]:
    """What the query is made of, well-formed, and what was left out."""
    said = _said(_joined(_balanced(lexemes)))
    joined = _joined(_joined(said))  # twice: a group may turn out to be empty
    kept = set(map(id, joined))
    left_out = (lexeme for lexeme in lexemes if lexeme.clause and id(lexeme) not in kept)
    return joined, tuple(lexeme.text for lexeme in left_out)


def _worded(lexemes: Sequence[Lexeme]) -> Sequence[Lexeme]:
    """With the first operators as words where there is nothing else: `NE` alone is one."""
    if any(lexeme.kind == "clause" for lexeme in lexemes):
        return lexemes
    return [replace(lexeme, kind="clause") for lexeme in lexemes if lexeme.clause][:WORDS_MAX]


def _said(lexemes: Sequence[Lexeme]) -> Sequence[Lexeme]:
    """Without the stop words, unless they are asked for (`-par`) or all there is."""
    before = (None, *(lexeme.kind for lexeme in lexemes))
    said = [
        lexeme
        for lexeme, kind in zip(lexemes, before, strict=False)
        if not lexeme.says_nothing or kind in ("not", "part")
    ]
    return said if any(lexeme.kind == "clause" for lexeme in said) else lexemes


def _balanced(lexemes: Sequence[Lexeme]) -> list[Lexeme]:
    """With a parenthesis closed for each that is opened, and no other."""
    balanced: list[Lexeme] = []
    depth = 0
    for lexeme in lexemes:
        if lexeme.kind == "close" and depth == 0:
            continue
        depth += {"open": 1, "close": -1}.get(lexeme.kind, 0)
        balanced.append(lexeme)
    return balanced + [_CLOSE] * depth


_FOLLOWED_BY: dict[Kind, tuple[Kind, ...]] = {
    "and": ("clause", "open", "not", "part"),
    "or": ("clause", "open", "not", "part"),
    "not": ("clause", "open", "not", "part"),
    "part": ("clause", "open"),
}
_PRECEDED_BY: dict[Kind, tuple[Kind, ...]] = {"and": ("clause", "close"), "or": ("clause", "close")}


def _joined(lexemes: Sequence[Lexeme]) -> list[Lexeme]:
    """Without operators that join nothing and groups that hold nothing."""
    joined: list[Lexeme] = []
    for at in reversed(range(len(lexemes))):
        kind = lexemes[at].kind
        follows = joined[-1].kind if joined else None
        precedes = lexemes[at - 1].kind if at else None
        if kind in _FOLLOWED_BY and follows not in _FOLLOWED_BY[kind]:
            continue
        if kind in _PRECEDED_BY and precedes not in _PRECEDED_BY[kind]:
            continue
        if (kind, follows) in (("not", "not"), ("open", "close")):  # NE NE, ()
            joined.pop()
            continue
        joined.append(lexemes[at])
    return joined[::-1]


@dataclass(slots=True)
class _Group:
    """What stands between a pair of parentheses, as read so far."""

    alternatives: list[list[Clause]] = field(default_factory=lambda: [[]])
    negated: bool = False
    part: Part | None = None

    def add(self, clause: Clause) -> None:
        if self.part:
            clause = within(clause, self.part)
        self.alternatives[-1].append(opposite(clause) if self.negated else clause)
        self.negated, self.part = False, None

    def clause(self) -> Clause:
        clauses = [every(_joined_up(clauses)) for clauses in self.alternatives if clauses]
        return clauses[0] if len(clauses) == 1 else AnyOf(tuple(clauses))


def _joined_up(clauses: Sequence[Clause]) -> list[Clause]:
    """With what is one thing said in several words as one."""
    return list(date_terms.joined(list(names.joined(clauses))))


def _clause(lexemes: Sequence[Lexeme]) -> Clause:
    groups = [_Group()]
    for lexeme in lexemes:
        match lexeme.kind:
            case "clause" if lexeme.clause:
                groups[-1].add(lexeme.clause)
            case "or":
                groups[-1].alternatives.append([])
            case "not":
                groups[-1].negated = not groups[-1].negated
            case "part":
                groups[-1].part = lexeme.part
            case "open":
                groups.append(_Group())
            case "close":
                clause = groups.pop().clause()
                groups[-1].add(clause)
    return groups[0].clause() if lexemes else Everything()


def _reading(lexemes: Sequence[Lexeme]) -> str:
    texts = (_SHOWN.get(lexeme.kind, lexeme.text) for lexeme in lexemes if lexeme.kind != "and")
    return strung(texts, between=" UN ")


_SHOWN: dict[Kind, str] = {"or": "VAI", "not": "-"}
_CLOSE = Lexeme(kind="close", text=")")


# --- The whole -----------------------------------------------------------------------------------

# Control characters and lone surrogates cannot be shown in a page.
_UNPRINTABLE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
_NO_FILTERS = Filters()


def parse(
    text: str,
    *,
    analyzer: Analyzer,
    today: date,
    ministries: Sequence[str] = (),
    synonyms: Synonyms | None = None,
    filters: Filters = _NO_FILTERS,
    sort: Sort = "relevance",
    page: int = 1,
    per_page: int = 10,
) -> Query:
    """Read *text* as a query; *ministries* are the names that ``ministrija:`` may be the beginning of.

    What is typed (``gads:2017``) narrows *filters*.
    """
    shown = _UNPRINTABLE.sub(" ", text[:TEXT_CHARS])
    narrowing = Narrowing(ministries, today)
    times = periods(shown, today=today)
    lexer = Lexer(shown, analyzer, narrowing, times)
    typed = list(lexer)
    read = _worded(typed)
    unread = sum(lexeme.clause is not None for lexeme in typed) > len(read)
    lexemes, ignored = _settled(read)
    clause = wished(_clause(lexemes), lexer.times)
    clause, used = synonyms.widened(clause) if synonyms else (clause, ())
    return Query(
        text=shown,
        clause=clause,
        reading=strung((_reading(lexemes), *narrowing.texts), between=" "),
        ignored=(*ignored, *lexer.unread),
        synonyms=used,
        periods=times,
        cut=lexer.cut or unread or len(text) > TEXT_CHARS,
        filters=narrowing.within(filters),
        sort=sort,
        page=page,
        per_page=per_page,
    )
