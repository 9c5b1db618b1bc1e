"""The words, phrases, signs and filters that a typed query is made of."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal

from index.analysis import Analyzer
from index.analysis.latvian.letters import fold
from index.analysis.latvian.stopwords import stop_words
from index.analysis.latvian.tokenizer import TOKEN, acronym, clean, read
from index.query import date_terms
from index.query.ast import AnyOf, Clause, Fuzzy, Part, Phrase, Prefix, Word
from index.query.periods import Period
from index.query.rewrite import STRICT, every
from index.query.typed_filters import Narrowing

WORDS_MAX = 32
"""Words beyond these are not read."""
FUZZY_MAX = 2
"""Words with ``~`` beyond these are read without it: each is compared with all forms there are, in 0.2 s."""
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
Kind = Literal["clause", "and", "or", "not", "part", "open", "close"]
_OPERATORS: dict[str, Kind] = {"UN": "and", "AND": "and", "VAI": "or", "OR": "or", "NE": "not", "NOT": "not"}

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
    |(?P<part>(?P<part_name>(?i:virsraksts|title|ievads|lead|teksts|text|body|pielikums|attachment)):
        (?=[\w"“„«(=]))
    |(?P<facet>(?P<refused>(?<![^\s(:])-|(?:NE|NOT)\s)?(?P<facet_name>(?i:ministrija|iest[aā]de|ministry|valoda|language|lang|gads|year|datums|date
        |no|from|l[iī]dz|to)):(?:{_QUOTE}(?P<quoted>{_UNQUOTED}{{1,200}}+){_QUOTE}|(?P<bare>[\w.-]{{1,64}}+)))
    |(?P<minus>(?<![^\s(:])-(?=[\w("“„«=]))
    |(?P<word>(?P<exact>=)?(?P<token>{TOKEN.pattern})(?:(?P<star>[*])|(?P<fuzzy>~(?P<distance>[12])?(?!\w)))?)
    |(?P<junk>[^\w\s()"“”„‟«»=+-]++|["“”„‟«»]{{2,}}+|[=+-]{{2,}}+|.)
    """,
    re.VERBOSE | re.DOTALL,
)
_GOES_ON = re.compile(r"[\w*~]")
# Hardly an abbreviation.
_LONG_WORD = re.compile(r"[^\W\d_]{6}")
# Never a stop word: `A. Zemrīte`.
_INITIAL = re.compile(r"[A-ZĀČĒĢĪĶĻŅŠŪŽ](?:\.\s?|\s)(?=[A-ZĀČĒĢĪĶĻŅŠŪŽ][a-zāčēģīķļņšūž])")
_WORD = re.compile(rf"(?P<word>(?P<exact>)(?P<token>{TOKEN.pattern})(?P<star>)(?P<fuzzy>)(?P<distance>))")


@dataclass(frozen=True, slots=True, kw_only=True)
class Lexeme:
    """A word or phrase with what it asks for, or a sign that joins them."""

    kind: Kind
    text: str
    """As the reading shows it."""
    clause: Clause | None = None
    part: Part | None = None
    says_nothing: bool = False
    """A stop word that may be left out."""


class Lexer:
    """Cuts a text into lexemes; facets become filters on the way."""

    def __init__(
        self, text: str, analyzer: Analyzer, narrowing: Narrowing, times: Iterable[Period] = ()
    ) -> None:
        self.narrowing = narrowing
        self.times: list[Clause] = []
        """What asks for times as people say them: `pagājušajā nedēļā`."""
        self._times = {time.start: time for time in times if time.spoken}
        self.unread: list[str] = []
        """Filters that mean nothing."""
        self.cut = False
        self._text = text
        self._analyzer = analyzer
        self._words = self._fuzzy = 0
        self._before = ""
        """The last word that says something or calls for fillers, in small letters."""
        # BUDŽETS UN VALSTS is shouting; in "ES budžets" and ES NATO the capitals mean something.
        self._shouted = text.upper() == text and _LONG_WORD.search(text) is not None

    def __iter__(self) -> Iterator[Lexeme]:
        at = steps = 0
        while at < len(self._text):
            time = self._times.get(at)
            if time and not _GOES_ON.match(self._text, time.end):
                yield self._time(time)
                at = time.end
                continue
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

    def _time(self, time: Period) -> Lexeme:
        """A time: the words as typed, or what the releases of these days say."""
        text = self._text[time.start : time.end]
        words = tuple(map(self._exact_word, TOKEN.findall(text)))
        self._words += len(words)
        typed = Phrase(words=words) if len(words) > 1 else words[0]
        self.times.append(AnyOf((typed, date_terms.dated(time.first, time.last))))
        return Lexeme(kind="clause", text=text, clause=self.times[-1])

    def _lexemes(self, match: re.Match[str]) -> Iterator[Lexeme]:
        text = match[0]
        match match.lastgroup:
            case "word" if text in _OPERATORS:
                yield Lexeme(kind=_OPERATORS[text], text=text, clause=self._query_word(text))
            case "word":
                yield from self._word(match)
            case "phrase":
                yield from self._phrase(match)
            case "minus":
                yield Lexeme(kind="not", text="-")
            case "open" | "close":
                yield Lexeme(kind="open" if text == "(" else "close", text=text)
            case "part":
                part = _PARTS[match["part_name"].lower()]
                yield Lexeme(kind="part", text=f"{_PART_NAMES[part]}:", part=part)

    def _word(self, match: re.Match[str]) -> Iterator[Lexeme]:
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
            yield Lexeme(kind="clause", text=f"{text}*", clause=Prefix(text=folded))
        elif match["fuzzy"] and self._fuzzy < FUZZY_MAX:
            self._fuzzy += 1
            distance = int(match["distance"] or 1)
            yield Lexeme(
                kind="clause", text=f"{text}~{distance}", clause=Fuzzy(text=folded, distance=distance)
            )
        elif match["exact"]:
            exact = Word(text=text, exact=(acronym(token) or terms[0],))
            yield Lexeme(kind="clause", text=f"={text}", clause=exact)
        elif _INITIAL.match(self._text, match.start()):
            yield Lexeme(kind="clause", text=text, clause=self._query_word(token))
        else:
            is_stop = self._is_stop(text.lower())
            means_more = acronym(token) is not None and not self._shouted
            clause = self._abbreviation(token) if is_stop and means_more else self._any_form(token)
            yield Lexeme(kind="clause", text=text, clause=clause, says_nothing=is_stop and not means_more)

    def _is_stop(self, word: str) -> bool:
        if any(fold(word) in fillers and call.fullmatch(self._before) for call, fillers in _FILLERS):
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
            return every([self._any_form(term) for term in terms])
        word = self._query_word(token)
        if kind == "date":
            return date_terms.spelt_out(word)
        if kind != "compound":
            return word
        parts = tuple(map(self._query_word, _PIECE.findall(clean(token))))
        return AnyOf((word, Phrase(words=parts))) if len(parts) > 1 else word

    def _query_word(self, token: str) -> Word:
        forms = self._analyzer.query_forms(token)
        return Word(
            text=clean(token),
            lemma=forms.lemma,
            stem=forms.stem,
            exact=forms.exact,
            accented=fold(self._analyzer.accented(token)),
            scored=bool(forms.lemma),
        )

    def _phrase(self, match: re.Match[str]) -> Iterator[Lexeme]:
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
        text = f'{match["strict"] or ""}"{strung(map(clean, tokens), between=", ")}"' + (
            f"~{slop}" if slop else ""
        )
        clause: Clause = Phrase(words=words, slop=slop) if len(words) > 1 else words[0]
        yield Lexeme(kind="clause", text=text, clause=clause)

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
        exact = acronym(token) or self._analyzer.query_forms(token).exact[-1]
        return Word(text=f"{STRICT}{clean(token)}", exact=(exact,))

    def _narrow(self, match: re.Match[str]) -> bool:
        """Turn `gads:2017` and the like into a filter; False where it is to be read as words."""
        self._words += 1
        value, refused = match["quoted"] or match["bare"], match["refused"] is not None
        is_filter = self.narrowing.add(match["facet_name"], value, refused=refused)
        if refused and not is_filter:
            self.unread.append(match[0])
        return is_filter or refused


_PIECE = re.compile(r"\d+|[^\W\d_]+")


# --- Piece by piece ------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Piece:
    """Where a word, phrase or filter stands in what was typed, half-open; with the sign or name before it."""

    start: int
    end: int
    word: str
    """Empty where it is no plain word."""
    name: tuple[int, int] = (0, 0)
    """Where the name of the part stands that it must be in, `virsraksts:`; empty: it may be anywhere."""


def pieces(text: str) -> Iterator[Piece]:
    """Yield what *text* is made of, apart from operators, parentheses and words that say nothing.

    >>> [piece.word for piece in pieces('virsraksts:budžets VAI "valsts kase" kas')]
    ['budžets', '']
    """
    start = at = 0
    name = (0, 0)
    for _ in range(_STEPS_MAX):
        match = _LEXEME.match(text, at)
        if not match:
            return
        at = match.end()
        if match.lastgroup in ("minus", "part"):
            name = match.span() if match.lastgroup == "part" else name
            continue
        is_word = match.lastgroup == "word"
        if match.lastgroup in ("phrase", "facet") or (is_word and not _is_filler(match[0])):
            plain = is_word and not (match["exact"] or match["star"] or match["fuzzy"])
            yield Piece(start, at, match["token"] if plain else "", name)
        start, name = at, (0, 0)


def _is_filler(word: str) -> bool:
    return word in _OPERATORS or word.lower() in stop_words()


def strung(texts: Iterable[str], *, between: str) -> str:
    """The texts with spaces where they belong; *between* two numbers, which a space would make one."""
    joined = ""
    for text in texts:
        if joined[-1:].isdigit() and text[:1].isdigit():
            joined += between
        elif joined and not joined.endswith(("(", "-", ":")) and text != ")":
            joined += " "
        joined += text
    return joined
