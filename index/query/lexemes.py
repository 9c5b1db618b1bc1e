"""The lexemes of the query language: words, phrases, operators, parts and filters."""

import re
from collections.abc import Iterable, Mapping
from typing import Literal

from msgspec import Struct

from index.analysis.latvian.letters import fold
from index.analysis.latvian.tokenizer import TOKEN
from index.query.ast import Clause, Part
from index.query.filters import FILTERS, Filter

LexemeKind = Literal["clause", "and", "or", "not", "part", "open", "close"]

DayRole = Literal["during", "from", "to", "after", "before", "stood"]

DAY_WORDS: Mapping[str, DayRole] = {
    "gads": "during", "year": "during", "datums": "during", "date": "during",
    "no": "from", "from": "from", "kopš": "from", "since": "from", "с": "from",
    "līdz": "to", "to": "to", "until": "to", "до": "to", "по": "to",
    "pēc": "after", "after": "after", "после": "after", "pirms": "before", "before": "before",
    "laikā": "stood", "during": "stood", "время": "stood",
}  # fmt: skip
"""The names of the filters by days in a query, with diacritics."""

TYPED: Mapping[str, Filter | DayRole] = {
    fold(word): meant
    for word, meant in (*((word, one) for one in FILTERS for word in one.words), *DAY_WORDS.items())
}
"""What each typed name means, by the name without diacritics."""


def name_pattern() -> str:
    """Return the pattern of a typed name, with or without diacritics."""
    words = (*(word for one in FILTERS for word in one.words), *DAY_WORDS)
    return "|".join(
        "".join(letter if fold(letter) == letter else f"[{fold(letter)}{letter}]" for letter in word)
        for word in words
    )


# Names of parts as typed, without diacritics.
PARTS: dict[str, Part] = {
    "virsraksts": "title", "title": "title",
    "ievads": "lead", "lead": "lead",
    "teksts": "body", "text": "body", "body": "body",
    "pielikums": "attachment", "attachment": "attachment",
}  # fmt: skip
PART_NAMES: dict[Part, str] = {
    "title": "virsraksts",
    "lead": "ievads",
    "body": "teksts",
    "attachment": "pielikums",
}
OPERATORS: dict[str, LexemeKind] = {
    "UN": "and", "AND": "and", "VAI": "or", "OR": "or", "NE": "not", "NOT": "not",
}  # fmt: skip

QUOTES = '"“”„‟«»'
_QUOTE, _UNQUOTED = f"[{QUOTES}]", f"[^{QUOTES}]"
LEXEME = re.compile(
    rf"""
    (?P<space>\s++)
    |(?P<phrase>(?P<strict>=)?{_QUOTE}(?P<inside>{_UNQUOTED}++){_QUOTE}(?P<near>~(?P<slop>\d{{1,9}})?(?!\w))?)
    |(?P<open>\()
    |(?P<close>\))
    |(?P<bar>\|{{1,2}})
    |(?P<boost>\^\d{{1,9}}(?:[.,]\d{{1,9}})?)
    |(?P<part>(?P<part_name>(?i:virsraksts|title|ievads|lead|teksts|text|body|pielikums|attachment)):
        (?=[\w"“„«(=]|[*?]++\w))
    |(?P<versions>(?P<no_versions>(?<![^\s(:])[-!]|(?:NE|NOT)\s)?(?<![\w:])(?i:versijas|redakcijas|versions|версии):(?:(?i:visas|all|все)(?!\w))?)
    |(?P<filter>(?P<negated>(?<![^\s(:])[-!]|(?:NE|NOT)\s)?(?P<filter_name>(?i:{name_pattern()})):(?:{_QUOTE}(?P<quoted>{_UNQUOTED}{{1,200}}+){_QUOTE}|(?P<bare>[\w./–-]{{1,64}}+)))
    |(?P<minus>(?<![^\s(:])[-!](?=[\w("“„«=]|[*?]++\w))
    |(?P<wildcard>[*?]++[^\W\d_][\w*?]*+|[^\W\d_][^\W_]*+[*?]++[^\W_][\w*?]*+)
    |(?P<word>(?P<exact>=)?(?P<token>{TOKEN.pattern})(?:(?P<star>[*])|(?P<fuzzy>~(?P<distance>\d{{1,9}})?(?!\w)))?)
    |(?P<junk>[^\w\s()"“”„‟«»=+!*?|^-]++|["“”„‟«»]{{2,}}+|[=+-]{{2,}}+|[*?]{{2,}}+|.)
    """,
    re.VERBOSE | re.DOTALL,
)
"""Matches one lexeme at any place of any text; the name of the last group is its kind."""

PLAIN_WORD = re.compile(
    rf"(?P<word>(?P<exact>)(?P<token>{TOKEN.pattern})(?P<star>)(?P<fuzzy>)(?P<distance>))"
)
"""Matches a plain word, with the groups of ``LEXEME``: `name` of `name:` if that is not a filter."""

LEXEMES_MAX = 1_000
"""The most lexemes that are read."""


class Lexeme(Struct, frozen=True, kw_only=True, gc=False):
    """A word or phrase as a clause, or an operator, part or parenthesis."""

    kind: LexemeKind
    text: str
    """As shown in the reading of the query."""
    clause: Clause | None = None
    part: Part | None = None
    is_stop: bool = False
    """A stop word, dropped if the query has other words."""


SIGNS = {
    "(": Lexeme(kind="open", text="("),
    ")": Lexeme(kind="close", text=")"),
    "-": Lexeme(kind="not", text="-"),
    "!": Lexeme(kind="not", text="-"),
    "|": Lexeme(kind="or", text="|"),
}


def join_texts(texts: Iterable[str], *, between_numbers: str) -> str:
    """Return *texts*, without empty ones, joined by spaces where needed; two numbers by *between_numbers*.

    With only a space between them, two numbers would be read as one.
    """
    joined = ""
    for text in filter(None, texts):
        if joined[-1:].isdigit() and text[:1].isdigit():
            joined += between_numbers
        elif joined and not joined.endswith(("(", "-", ":")) and text != ")":
            joined += " "
        joined += text
    return joined
