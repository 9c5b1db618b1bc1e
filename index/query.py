"""What people type, read as a query: any text is one, in time that grows with its length."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Literal

from crawler.config import Language
from index import named_days
from index.analysis import Analyzer
from index.engine import (
    All,
    Any,
    Clause,
    Everything,
    Filters,
    Fuzzy,
    Most,
    Not,
    Part,
    Phrase,
    Prefix,
    Query,
    Sort,
    Word,
)
from index.latvian.letters import fold
from index.latvian.stopwords import stop_words
from index.latvian.tokenizer import TOKEN, acronym, clean, read
from index.periods import days_of, periods
from index.synonyms import Synonyms

TEXT_CHARS = 10_000
WORDS_MAX = 32
"""What is typed beyond these is not read, and the query says so."""
_STEPS_MAX = 1_000

# --- Names, without diacritics -------------------------------------------------------------------

_PARTS: dict[str, Part] = {
    "virsraksts": "title", "title": "title",
    "ievads": "lead", "lead": "lead",
    "teksts": "body", "text": "body", "body": "body",
    "pielikums": "attachment", "attachment": "attachment",
}  # fmt: skip
_PART_NAMES: dict[Part, str] = {
    "title": "virsraksts",
    "lead": "ievads",
    "body": "teksts",
    "attachment": "pielikums",
}
_FACETS = {
    "ministrija": "ministry", "iestade": "ministry", "ministry": "ministry",
    "valoda": "language", "language": "language", "lang": "language",
    "gads": "during", "year": "during", "datums": "during", "date": "during",
    "no": "from", "from": "from", "lidz": "to", "to": "to",
}  # fmt: skip
_LANGUAGES: dict[str, Language] = {
    "lv": "lv", "latviesu": "lv", "latvian": "lv",
    "en": "en", "anglu": "en", "english": "en",
    "ru": "ru", "krievu": "ru", "russian": "ru",
}  # fmt: skip
_Kind = Literal["clause", "and", "or", "not", "part", "open", "close"]
_OPERATORS: dict[str, _Kind] = {"UN": "and", "AND": "and", "VAI": "or", "OR": "or", "NE": "not", "NOT": "not"}

# Words, without diacritics, that say nothing after some others: `2017. gadā`, `cik liela ir`.
_FILLERS = (
    (
        re.compile(r"(?:19|20)\d\d"),
        frozenset(("gads", "gada", "gadam", "gadu", "gadi", "gadus", "gados", "g")),
    ),
    (
        re.compile("cik"),
        frozenset(
            ("liels", "liela", "lieli", "lielas", "lielu", "augsts", "augsta", "ilgi", "daudz", "biezi")
        ),
    ),
)

# --- Lexemes -------------------------------------------------------------------------------------

_QUOTE, _UNQUOTED = '["“”„‟«»]', '[^"“”„‟«»]'
_LEXEME = re.compile(
    rf"""
    (?P<space>\s++)
    |(?P<phrase>(?P<strict>=)?{_QUOTE}(?P<inside>{_UNQUOTED}++){_QUOTE}(?:~(?P<slop>\d{{1,2}})(?!\d))?)
    |(?P<open>\()
    |(?P<close>\))
    |(?P<minus>(?<![^\s(:])-(?=[\w("“„«=]))
    |(?P<part>(?P<part_name>(?i:virsraksts|title|ievads|lead|teksts|text|body|pielikums|attachment)):
        (?=[\w"“„«(=]))
    |(?P<facet>(?P<facet_name>(?i:ministrija|iest[aā]de|ministry|valoda|language|lang|gads|year|datums|date
        |no|from|l[iī]dz|to)):(?:{_QUOTE}(?P<quoted>{_UNQUOTED}{{1,200}}+){_QUOTE}|(?P<bare>[\w.-]{{1,64}}+)))
    |(?P<word>(?P<exact>=)?(?P<token>{TOKEN.pattern})(?:(?P<star>[*])|(?P<fuzzy>~(?P<distance>[12])?(?!\w)))?)
    |(?P<junk>[^\w\s()"“”„‟«»=+-]++|["“”„‟«»]{{2,}}+|[=+-]{{2,}}+|.)
    """,
    re.VERBOSE | re.DOTALL,
)
_WORD = re.compile(rf"(?P<word>(?P<exact>)(?P<token>{TOKEN.pattern})(?P<star>)(?P<fuzzy>)(?P<distance>))")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Lexeme:
    kind: _Kind
    text: str
    """As the reading shows it."""
    clause: Clause | None = None
    part: Part | None = None
    says_nothing: bool = False
    """A stop word that may be left out."""


class _Lexer:
    """Cuts a text into lexemes; facets become filters on the way."""

    def __init__(
        self, text: str, analyzer: Analyzer, today: date, ministries: Sequence[str], filters: Filters
    ) -> None:
        self.filters = filters
        self.cut = False
        self._text = text
        self._analyzer = analyzer
        self._today = today
        self._ministries = ministries
        self._words = 0
        self._before = ""
        """The last word that says something or calls for fillers, in small letters."""
        # BUDŽETS UN VALSTS is shouting; in "ES budžets" the capitals mean something.
        self._shouted = text.upper() == text and " " in text.strip()

    def __iter__(self) -> Iterator[_Lexeme]:
        at = steps = 0
        while at < len(self._text):
            match = _LEXEME.match(self._text, at)
            if match and match.lastgroup == "facet" and not self._narrow(match):
                match = _WORD.match(self._text, at)
            if not match:
                break
            at = match.end()
            steps += 1
            yield from self._lexemes(match)
            if self._words > WORDS_MAX or steps >= _STEPS_MAX:
                self.cut = True
                return

    def _lexemes(self, match: re.Match[str]) -> Iterator[_Lexeme]:
        text = match[0]
        match match.lastgroup:
            case "word" if text in _OPERATORS:
                yield _Lexeme(kind=_OPERATORS[text], text=text, clause=self._query_word(text))
            case "word":
                yield from self._word(match)
            case "phrase":
                yield from self._phrase(match)
            case "minus":
                yield _Lexeme(kind="not", text="-")
            case "open" | "close":
                yield _Lexeme(kind="open" if text == "(" else "close", text=text)
            case "part":
                part = _PARTS[match["part_name"].lower()]
                yield _Lexeme(kind="part", text=f"{_PART_NAMES[part]}:", part=part)

    def _word(self, match: re.Match[str]) -> Iterator[_Lexeme]:
        """One word, as typed: `word`, `=word`, `word*`, `word~`."""
        self._words += 1
        if self._words > WORDS_MAX:
            return
        token = match["token"]
        text = clean(token)
        terms = read(token).terms
        if not terms:  # http://~~
            return
        folded = fold(terms[0])
        if match["star"] and len(folded) > 1:
            yield _Lexeme(kind="clause", text=f"{text}*", clause=Prefix(text=folded))
        elif match["fuzzy"]:
            distance = int(match["distance"] or 1)
            yield _Lexeme(
                kind="clause", text=f"{text}~{distance}", clause=Fuzzy(text=folded, distance=distance)
            )
        elif match["exact"]:
            exact = Word(text=text, exact=(acronym(token) or terms[0],))
            yield _Lexeme(kind="clause", text=f"={text}", clause=exact)
        else:
            is_stop = self._is_stop(text.lower())
            means_more = acronym(token) is not None and not self._shouted
            clause = self._abbreviation(token) if is_stop and means_more else self._any_form(token)
            yield _Lexeme(kind="clause", text=text, clause=clause, says_nothing=is_stop and not means_more)

    def _is_stop(self, word: str) -> bool:
        if any(word in fillers and call.fullmatch(self._before) for call, fillers in _FILLERS):
            return True
        is_stop = word in stop_words()
        if not is_stop or any(call.fullmatch(word) for call, _ in _FILLERS):
            self._before = word
        return is_stop

    def _abbreviation(self, token: str) -> Word:
        """`IT` among small letters is not *it*."""
        mark = (acronym(token) or "",)
        return Word(text=clean(token), lemma=mark, exact=mark)

    def _any_form(self, token: str) -> Clause:
        """The word in any of its forms; a compound also written apart."""
        kind, terms = read(token)
        if kind == "url":
            return _every([self._any_form(term) for term in terms])
        word = self._query_word(token)
        if kind == "date":
            return named_days.spelt_out(word)
        if kind != "compound":
            return word
        parts = tuple(map(self._exact_word, _PIECE.findall(clean(token))))
        return Any((word, Phrase(words=parts))) if len(parts) > 1 else word

    def _query_word(self, token: str) -> Word:
        forms = self._analyzer.query_forms(token)
        return Word(
            text=clean(token), lemma=forms.lemma, stem=forms.stem, exact=forms.exact, scored=bool(forms.lemma)
        )

    def _phrase(self, match: re.Match[str]) -> Iterator[_Lexeme]:
        tokens = [token[0] for token in TOKEN.finditer(match["inside"]) if read(token[0]).terms]
        left = WORDS_MAX - self._words
        self._words += len(tokens)
        tokens = tokens[:left]
        if not tokens:
            return
        slop = int(match["slop"] or 0)
        word = self._exact_word if not slop else self._loose_word
        if match["strict"]:
            word = self._strict_word
        words = tuple(map(word, tokens))
        text = f'{match["strict"] or ""}"{_strung(map(clean, tokens), between=", ")}"' + (
            f"~{slop}" if slop else ""
        )
        clause: Clause = Phrase(words=words, slop=slop) if len(words) > 1 else words[0]
        yield _Lexeme(kind="clause", text=text, clause=clause)

    def _exact_word(self, token: str) -> Word:
        """A word of a phrase: as typed; one without diacritics also stands for the same with them."""
        forms = self._analyzer.query_forms(token)
        if forms.exact[-1:] == forms.fold:
            return Word(text=clean(token), fold=forms.fold, scored=bool(forms.lemma))
        return Word(text=clean(token), exact=forms.exact, scored=bool(forms.lemma))

    def _loose_word(self, token: str) -> Word:
        forms = self._analyzer.query_forms(token)
        return Word(text=clean(token), stem=forms.stem, exact=forms.exact, scored=bool(forms.lemma))

    def _strict_word(self, token: str) -> Word:
        return Word(text=clean(token), exact=(acronym(token) or self._analyzer.query_forms(token).exact[-1],))

    # --- Facets ----------------------------------------------------------------------------------

    def _narrow(self, match: re.Match[str]) -> bool:
        """Turn `gads:2017` and the like into a filter; False where the value means nothing."""
        self._words += 1
        value = match["quoted"] or match["bare"]
        facet = _FACETS[fold(match["facet_name"].lower())]
        if facet == "ministry":
            return self._narrow_ministry(value)
        if facet == "language":
            return self._narrow_language(value)
        days = days_of(value, today=self._today)
        if days is None:
            return False
        first, last = days
        filters = self.filters
        if facet != "to":
            first = max(first, filters.published_from or first)
            filters = replace(filters, published_from=first)
        if facet != "from":
            last = min(last, filters.published_to or last)
            filters = replace(filters, published_to=last)
        self.filters = filters
        return True

    def _narrow_language(self, value: str) -> bool:
        language = _LANGUAGES.get(fold(value.lower()))
        if language is None:
            return False
        self.filters = replace(self.filters, languages=(language,))
        return True

    def _narrow_ministry(self, value: str) -> bool:
        wanted = fold(value.lower()).split()
        named = tuple(name for name in self._ministries if _begins_words(wanted, fold(name.lower()).split()))
        if not wanted or not named:
            return False
        self.filters = replace(self.filters, ministries=named)
        return True


_PIECE = re.compile(r"\d+|[^\W\d_]+")


def _begins_words(beginnings: Sequence[str], words: Sequence[str]) -> bool:
    return all(any(word.startswith(beginning) for word in words) for beginning in beginnings)


# --- Piece by piece ------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Piece:
    """Where a word, phrase or filter stands in what was typed, half-open; with the sign or name before it."""

    start: int
    end: int
    word: str
    """Empty where it is no plain word."""


def pieces(text: str) -> Iterator[Piece]:
    """Yield what *text* is made of, apart from operators, parentheses and words that say nothing.

    >>> [piece.word for piece in pieces('virsraksts:budžets VAI "valsts kase" kas')]
    ['budžets', '']
    """
    start = at = 0
    for _ in range(_STEPS_MAX):
        match = _LEXEME.match(text, at)
        if not match:
            return
        at = match.end()
        if match.lastgroup in ("minus", "part"):
            continue
        is_word = match.lastgroup == "word"
        if match.lastgroup in ("phrase", "facet") or (is_word and not _is_filler(match[0])):
            plain = is_word and not (match["exact"] or match["star"] or match["fuzzy"])
            yield Piece(start, at, match["token"] if plain else "")
        start = at


def _is_filler(word: str) -> bool:
    return word in _OPERATORS or word.lower() in stop_words()


# --- From lexemes to clauses ---------------------------------------------------------------------


def _settled(lexemes: Sequence[_Lexeme]) -> tuple[list[_Lexeme], tuple[str, ...]]:
    """What the query is made of, well-formed, and what was left out."""
    if not any(lexeme.kind == "clause" for lexeme in lexemes):
        lexemes = [replace(lexeme, kind="clause") for lexeme in lexemes if lexeme.clause]
    said = _said(_joined(_balanced(lexemes)))
    joined = _joined(_joined(said))  # twice: a group may turn out to be empty
    kept = set(map(id, joined))
    left_out = (lexeme for lexeme in lexemes if lexeme.clause and id(lexeme) not in kept)
    return joined, tuple(lexeme.text for lexeme in left_out)


def _said(lexemes: Sequence[_Lexeme]) -> Sequence[_Lexeme]:
    """Without the stop words, unless they are asked for (`-par`) or all there is."""
    before = (None, *(lexeme.kind for lexeme in lexemes))
    said = [
        lexeme
        for lexeme, kind in zip(lexemes, before, strict=False)
        if not lexeme.says_nothing or kind in ("not", "part")
    ]
    return said if any(lexeme.kind == "clause" for lexeme in said) else lexemes


def _balanced(lexemes: Sequence[_Lexeme]) -> list[_Lexeme]:
    """With a parenthesis closed for each that is opened, and no other."""
    balanced: list[_Lexeme] = []
    depth = 0
    for lexeme in lexemes:
        if lexeme.kind == "close" and depth == 0:
            continue
        depth += {"open": 1, "close": -1}.get(lexeme.kind, 0)
        balanced.append(lexeme)
    return balanced + [_CLOSE] * depth


_FOLLOWED_BY: dict[_Kind, tuple[_Kind, ...]] = {
    "and": ("clause", "open", "not", "part"),
    "or": ("clause", "open", "not", "part"),
    "not": ("clause", "open", "not", "part"),
    "part": ("clause", "open"),
}
_PRECEDED_BY: dict[_Kind, tuple[_Kind, ...]] = {"and": ("clause", "close"), "or": ("clause", "close")}


def _joined(lexemes: Sequence[_Lexeme]) -> list[_Lexeme]:
    """Without operators that join nothing and groups that hold nothing."""
    joined: list[_Lexeme] = []
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
            clause = _within(clause, self.part)
        self.alternatives[-1].append(_opposite(clause) if self.negated else clause)
        self.negated, self.part = False, None

    def clause(self) -> Clause:
        clauses = [_every(list(named_days.joined(clauses))) for clauses in self.alternatives if clauses]
        return clauses[0] if len(clauses) == 1 else Any(tuple(clauses))


def _clause(lexemes: Sequence[_Lexeme]) -> Clause:
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


def _every(clauses: Sequence[Clause]) -> Clause:
    """All of *clauses*, flat; where all exclude, they exclude from everything."""
    flat: list[Clause] = []
    for clause in clauses:
        flat.extend(clause.clauses if isinstance(clause, All) else (clause,))
    if all(isinstance(clause, Not) for clause in flat):
        flat.insert(0, Everything())
    return flat[0] if len(flat) == 1 else All(tuple(flat))


def _opposite(clause: Clause) -> Clause:
    """Not *clause*, without doubling: parentheses and minus signs may nest as deep as they like."""
    match clause:
        case Not(inner) | All((Everything(), Not(inner))):
            return inner
    return Not(clause)


def _within(clause: Clause, part: Part) -> Clause:
    """The clause, only in *part*; what was narrowed inside stays so."""
    match clause:
        case All(clauses):
            return All(tuple(_within(inner, part) for inner in clauses))
        case Any(clauses):
            return Any(tuple(_within(inner, part) for inner in clauses))
        case Most(clauses):
            return Most(tuple(_within(inner, part) for inner in clauses))
        case Not(inner):
            return Not(_within(inner, part))
        case Everything():
            return clause
    return clause if clause.part else replace(clause, part=part)


def _reading(lexemes: Sequence[_Lexeme]) -> str:
    texts = (_SHOWN.get(lexeme.kind, lexeme.text) for lexeme in lexemes if lexeme.kind != "and")
    return _strung(texts, between=" UN ")


def _strung(texts: Iterable[str], *, between: str) -> str:
    """The texts with spaces where they belong; *between* two numbers, which a space would make one."""
    strung = ""
    for text in texts:
        if strung[-1:].isdigit() and text[:1].isdigit():
            strung += between
        elif strung and not strung.endswith(("(", "-", ":")) and text != ")":
            strung += " "
        strung += text
    return strung


_SHOWN: dict[_Kind, str] = {"or": "VAI", "not": "-"}
_CLOSE = _Lexeme(kind="close", text=")")


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
    lexer = _Lexer(shown, analyzer, today, ministries, filters)
    lexemes, ignored = _settled(list(lexer))
    clause = _clause(lexemes)
    clause, used = synonyms.widened(clause) if synonyms else (clause, ())
    return Query(
        text=shown,
        clause=clause,
        reading=_reading(lexemes),
        ignored=ignored,
        synonyms=used,
        periods=periods(shown, today=today),
        cut=lexer.cut or len(text) > TEXT_CHARS,
        filters=lexer.filters,
        sort=sort,
        page=page,
        per_page=per_page,
    )
