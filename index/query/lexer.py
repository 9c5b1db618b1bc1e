"""Cuts a typed query into lexemes."""

import re
from collections.abc import Iterable, Iterator
from datetime import date

from msgspec.structs import replace

from index.analysis import Analyzer
from index.analysis.latvian.letters import fold
from index.analysis.latvian.stopwords import stop_words
from index.analysis.latvian.tokenizer import TOKEN, acronym, clean, read
from index.query.ast import STRICT, AnyOf, Clause, Fuzzy, Note, NoteKind, Phrase, Prefix, Wildcard, Word
from index.query.date_terms import date_range_clause, spell_out_date, spell_out_figures
from index.query.lexemes import (
    LEXEME,
    LEXEMES_MAX,
    OPERATORS,
    PART_NAMES,
    PARTS,
    PLAIN_WORD,
    QUOTES,
    SIGNS,
    Lexeme,
    join_texts,
)
from index.query.periods import Period, figures_at
from index.query.rewrite import all_of
from index.query.typed_filters import TypedFilters
from index.query.words import any_form

WORDS_MAX = 32
"""The most words that are read."""
FUZZY_MAX = 2
"""The most fuzzy words and wildcards; further ones are read without, because each takes 0.2 s."""
PREFIX_MIN, WILDCARD_MIN = 2, 3
"""The fewest letters of a word with a star at its end, and of one with stars or question marks elsewhere."""
NOTES_MAX, NOTE_CHARS = 10, 100
"""Limits of the notes on a query."""

# Folded words that mean nothing after certain words: `2017. gadā`, `cik liela ir`.
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
_DISTANCE_MAX = 2
# The slop of `"…"~` without a number, and the largest.
_SLOP, _SLOP_MAX = 5, 99
_BREAKS = re.compile(r"[,;:]")
_STARS, _OPEN_LETTERS, _FUZZY_WORD = re.compile(r"[*]{2,}"), re.compile(r"[*]|[?](?=\w)"), re.compile(r"~")
# `autors:Ozoliņa`, but not `http:` or `10:30`.
_FIELD = re.compile(rf"(?!(?:{'|'.join(PARTS)}):)[^\W\d_]{{2,20}}+:(?=[^\W\d_\"“„«])", re.IGNORECASE)
_CONTINUES_WORD = re.compile(r"[^\W_]|[*]|~\d*(?!\w)")
# An abbreviation is rarely this long.
_LONG_WORD = re.compile(r"[^\W\d_]{6}")
# An initial before a surname is never a stop word: `A. Zemrīte`.
_INITIAL = re.compile(r"[A-ZĀČĒĢĪĶĻŅŠŪŽ](?:\.\s?|\s)(?=[A-ZĀČĒĢĪĶĻŅŠŪŽ][a-zāčēģīķļņšūž])")
# In lower case, too: nobody searches for the pronoun.
_ALWAYS_ACRONYMS = {"es": "ES"}
# `UN Security Council`: an operator cannot come first.
_LEADING_UN = re.compile(r"\s*(UN)\s+([A-Za-z][a-z]+)\b")
_COMPOUND_PART = re.compile(r"\d+|[^\W\d_]+")


class Lexer:
    """Iterates over the lexemes of *text*, and adds typed filters to *filters* on the way.

    What only adds to the score is collected in ``wishes``. A filter with an unknown value is left out or,
    with *unknown_as_words*, read as words.
    """

    def __init__(
        self,
        text: str,
        analyzer: Analyzer,
        filters: TypedFilters,
        periods: Iterable[Period],
        today: date,
        *,
        unknown_as_words: bool = False,
    ) -> None:
        self.filters = filters
        self.wishes: list[Clause] = []
        """Clauses that only add to the score: periods as people say them, and `it` for IT."""
        self.spoken_periods = 0
        """The number of these periods."""
        self._period_at = {period.start: period for period in periods if period.spoken or period.bound}
        self.filter_spans: list[tuple[int, int]] = []
        """The span of each filter in the text, those that mean nothing too."""
        self.unknown_filters: list[str] = []
        """Filters with unknown values, which were left out."""
        self.notes: dict[Note, None] = {}
        """Notes on parts that may be meant in another way than they are read, in reading order."""
        self.cut = False
        self._unknown_as_words = unknown_as_words
        self._text = text
        self._analyzer = analyzer
        self._today = today
        self._words = self._fuzzy = 0
        self._previous = ""
        """The last word, in lower case, except stop words that cannot be followed by fillers."""
        # In BUDŽETS UN VALSTS capitals mean nothing; in `ES budžets` and `ES NATO` they mark abbreviations.
        self._all_capitals = text.upper() == text and _LONG_WORD.search(text) is not None
        leading = _LEADING_UN.match(text)
        is_acronym = leading and (leading[2][0].isupper() or not analyzer.is_in_dictionary(leading[2]))
        self._acronym_at = leading.start(1) if leading and is_acronym else -1
        """Where `UN` is an acronym: before another name or a foreign word."""

    def __iter__(self) -> Iterator[Lexeme]:
        at = steps = 0
        while at < len(self._text):
            period = self._period_at.get(at)
            if period is None and self._text[at].isdigit():
                period = self._figures_at(at)
            if period and period.bound:
                self._add_bound(period)
                at = period.end
                continue
            if period and not _CONTINUES_WORD.match(self._text, period.end):
                yield from self._figures(period) if period.figures else (self._spoken_period(period),)
                at = period.end
                continue
            match = LEXEME.match(self._text, at)
            if match and match.lastgroup == "versions":
                self._add_versions(match)
                at = match.end()
                continue
            if match and match.lastgroup == "filter" and not self._add_filter(match):
                match = PLAIN_WORD.match(self._text, at)
            elif match and match.lastgroup == "word" and (field := _FIELD.match(self._text, at)):
                self._note("no filter", field[0])
            if not match:
                break
            at = match.end()
            steps += 1
            yield from self._lexemes(match)
            if self._words > WORDS_MAX or steps >= LEXEMES_MAX:
                self.cut = True
                return

    def _add_versions(self, match: re.Match[str]) -> None:
        if match["no_versions"]:
            self._note("no exclusion", match[0].strip())
        else:
            self.filters.add_versions()
        self.filter_spans.append(match.span())

    def _figures_at(self, at: int) -> Period | None:
        period = figures_at(self._text, at, today=self._today)
        token = TOKEN.match(self._text, at) if period else None
        return period if period and token and token.end() <= period.end else None

    def _figures(self, period: Period) -> Iterator[Lexeme]:
        """Yield the lexemes of a date in figures: it is found in any spelling."""
        text = spell_out_figures(self._text[period.start : period.end], *period.days)
        at = 0
        while match := LEXEME.match(text, at):
            yield from self._lexemes(match)
            at = match.end()

    def _add_bound(self, period: Period) -> None:
        """Add a period that says which releases are asked for (`pēc 2024. gada`) as a filter."""
        self._words += 1
        self.filters.add_bound(period.first, period.last)
        self.filter_spans.append((period.start, period.end))

    def _spoken_period(self, period: Period) -> Lexeme:
        """Return a period: it matches its words as typed, or releases of its days."""
        text = " ".join(_BREAKS.sub(" ", self._text[period.start : period.end]).split())
        words = tuple(map(self._exact_word, TOKEN.findall(text)))
        self._words += len(words)
        typed = Phrase(words=words) if len(words) > 1 else words[0]
        clause = AnyOf((typed, date_range_clause(*period.days)))
        self.wishes.append(clause)
        self.spoken_periods += 1
        return Lexeme(kind="clause", text=text, clause=clause)

    def _lexemes(self, match: re.Match[str]) -> Iterator[Lexeme]:
        text = match[0]
        match match.lastgroup:
            case "word" if text in OPERATORS and match.start() != self._acronym_at:
                yield Lexeme(kind=OPERATORS[text], text=text, clause=self._query_word(text))
            case "word":
                yield from self._word(match)
            case "phrase":
                yield from self._phrase(match)
            case "wildcard":
                yield from self._wildcard(match)
            case "open" | "close" | "minus" | "bar":
                yield SIGNS[text[0]]
            case "boost":
                self._note("no boost", text)
            case "junk" if text[0] in QUOTES and len(text) == 1:
                self._note("open quote", text)
            case "part":
                part = PARTS[match["part_name"].lower()]
                yield Lexeme(kind="part", text=f"{PART_NAMES[part]}:", part=part)

    def _word(self, match: re.Match[str]) -> Iterator[Lexeme]:
        """Yield a word of any kind (`word`, `=word`, `word*`, `word~`); nothing if it has no term."""
        self._words += 1
        if self._words > WORDS_MAX:
            return
        token = match["token"]
        kind, terms = read(token)
        if kind == "date":
            token = terms[0]
        text = clean(token)
        if not terms:  # http://~~
            return
        folded = fold(terms[0])
        if match["star"] and len(folded) < PREFIX_MIN:
            self._note("short wildcard", f"{text}*")
        if match["fuzzy"] and self._fuzzy >= FUZZY_MAX:
            self._note("too many wildcards", match[0])
        if match["star"] and len(folded) >= PREFIX_MIN:
            yield Lexeme(kind="clause", text=f"{text}*", clause=Prefix(text=folded))
        elif match["fuzzy"] and self._fuzzy < FUZZY_MAX:
            self._fuzzy += 1
            distance = min(int(match["distance"] or 1), _DISTANCE_MAX)
            clause: Clause = Fuzzy(text=folded, distance=distance)
            yield Lexeme(kind="clause", text=f"{text}~{distance}", clause=clause)
        elif match["exact"]:
            clause = Word(text=text, exact=(acronym(token) or terms[0],))
            yield Lexeme(kind="clause", text=f"={text}", clause=clause)
        elif _INITIAL.match(match.string, match.start()):
            yield Lexeme(kind="clause", text=text, clause=self._query_word(token))
        else:
            yield self._plain_word(token, text)

    def _plain_word(self, token: str, text: str) -> Lexeme:
        is_stop = self._is_stop(text.lower())
        is_acronym = acronym(token) is not None and not self._all_capitals
        if text == "it":
            clause: Clause = self._acronym("IT")
            self.wishes.append(clause)
            is_acronym = True
        else:
            clause = self._acronym(token) if is_stop and is_acronym else self._any_form(token)
        return Lexeme(kind="clause", text=text, clause=clause, is_stop=is_stop and not is_acronym)

    def _wildcard(self, match: re.Match[str]) -> Iterator[Lexeme]:
        """Yield a word with letters left open (`*sargs`, `ug?ns`), or its letters as words, with a note."""
        text = _STARS.sub("*", clean(match[0]).rstrip("?"))  # a question mark ends a question
        known = sum(map(str.isalnum, text))
        if known >= WILDCARD_MIN and self._fuzzy < FUZZY_MAX:
            self._words += 1
            self._fuzzy += 1
            yield Lexeme(kind="clause", text=text, clause=Wildcard(text=fold(text.lower())))
            return
        self._note("short wildcard" if known < WILDCARD_MIN else "too many wildcards", text)
        for token in TOKEN.findall(_OPEN_LETTERS.sub(" ", text)):
            word = PLAIN_WORD.match(token)
            yield from self._lexemes(word) if word else ()

    def _is_stop(self, word: str) -> bool:
        if any(fold(word) in fillers and before.fullmatch(self._previous) for before, fillers in _FILLERS):
            return True
        is_stop = word in stop_words()
        if not is_stop or any(before.fullmatch(word) for before, _ in _FILLERS):
            self._previous = word
        return is_stop

    def _acronym(self, token: str) -> Word:
        """Return a word that matches only the acronym: `IT` among lower-case words is not *it*."""
        mark = (acronym(token) or "",)
        return Word(text=clean(token), lemma=mark, exact=mark)

    def _any_form(self, token: str) -> Clause:
        """Return a clause for any form of the word; a compound may also be written as separate words."""
        kind, terms = read(token)
        if kind == "url":
            return all_of([self._any_form(term) for term in terms])
        word = self._query_word(token)
        if kind == "date":
            return spell_out_date(word)
        if kind != "compound":
            return word
        parts = tuple(map(self._query_word, _COMPOUND_PART.findall(clean(token))))
        return AnyOf((word, Phrase(words=parts))) if len(parts) > 1 else word

    def _query_word(self, token: str) -> Word:
        spelled = _ALWAYS_ACRONYMS.get(token) or (token.lower() if self._all_capitals else token)
        word = any_form(spelled, self._analyzer)
        return replace(word, text=clean(token), accented=fold(self._analyzer.accented_beginning(token)))

    def _phrase(self, match: re.Match[str]) -> Iterator[Lexeme]:
        tokens = [token[0] for token in TOKEN.finditer(match["inside"]) if read(token[0]).terms]
        room = WORDS_MAX - self._words
        self._words += len(tokens)
        tokens = tokens[:room]
        if not tokens:
            return
        slop = min(int(match["slop"] or _SLOP), _SLOP_MAX) if match["near"] else 0
        sign = match["strict"] or ""
        if any(star.search(match["inside"]) for star in (_OPEN_LETTERS, _FUZZY_WORD)):
            self._note("wildcard in phrase", match[0])
        to_word = self._strict_word if sign else self._query_word if slop else self._exact_word
        words = tuple(map(to_word, tokens))
        inside = join_texts(map(clean, tokens), between_numbers=", ")
        # A single word that occurs as typed lacks no diacritics; in a phrase, the other words decide.
        alone = replace(words[0], exact=words[0].exact or words[0].fold)
        clause: Clause = Phrase(words=words, slop=slop) if len(words) > 1 else alone
        yield Lexeme(kind="clause", text=f'{sign}"{inside}"' + (f"~{slop}" if slop else ""), clause=clause)

    def _exact_word(self, token: str) -> Word:
        """Return a word of a phrase as typed; one without diacritics also matches words that have them."""
        forms = self._analyzer.query_forms(token)
        if forms.exact[-1:] == forms.fold:
            return Word(text=clean(token), fold=forms.fold, scored=bool(forms.lemma))
        return Word(text=clean(token), exact=forms.exact, scored=bool(forms.lemma))

    def _strict_word(self, token: str) -> Word:
        exact = acronym(token) or self._analyzer.query_forms(token).exact[-1]
        return Word(text=f"{STRICT}{clean(token)}", exact=(exact,))

    def _add_filter(self, match: re.Match[str]) -> bool:
        """Add a filter (`gads:2017`); return False if it must be read as words instead."""
        self._words += 1
        value, negated = match["quoted"] or match["bare"], match["negated"] is not None
        problem = self.filters.add(match["filter_name"], value, negated=negated)
        if problem is None:
            self.filter_spans.append(match.span())
            return True
        self._note(problem, match[0])
        if self._unknown_as_words and not negated:
            return False
        self.unknown_filters.append(match[0])
        self.filter_spans.append(match.span())
        return True

    def _note(self, kind: NoteKind, text: str) -> None:
        if len(self.notes) < NOTES_MAX:
            self.notes[Note(kind, text[:NOTE_CHARS])] = None
