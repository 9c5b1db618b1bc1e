"""Generated queries of settled clauses about the releases of a world, with filters, orders and pages."""

from collections.abc import Callable
from datetime import date, timedelta
from random import Random
from typing import Any

from index.analysis import Forms
from index.query import (
    TRAITS,
    AllOf,
    AnyOf,
    Clause,
    Everything,
    Filters,
    Fuzzy,
    MostOf,
    Not,
    Phrase,
    Prefix,
    Query,
    Related,
    Wildcard,
    Word,
)
from index.query.ast import Part
from tests.support.oracle import bare
from tests.support.worlds import CATEGORIES, LANGUAGES, MINISTRIES, World

PARTS: tuple[Part, ...] = ("title", "lead", "body", "attachment")
MISSING = Forms(("nav",), ("nav",), ("nav",), ("nav",))
# How deep clauses are nested; most queries are one list of words.
DEPTHS, DEPTH_WEIGHTS = (0, 1, 2, 3), (2, 6, 2, 1)
# The number of clauses in one: above 30, the core leaves a query to others.
SIZES, SIZE_WEIGHTS = (1, 2, 3, 4, 5, 30, 31), (4, 20, 10, 5, 3, 0.2, 0.2)


class QueryDraft:
    """Draws queries about a world."""

    def __init__(self, chance: Random, world: World) -> None:
        self._chance, self._world = chance, world
        self._kinds: tuple[type[AllOf | AnyOf | MostOf | Related], ...] = (AllOf, AnyOf, MostOf)
        self._days = sorted(doc.published for doc in world.docs if doc.published) or [date(2018, 1, 1)]

    def query(self) -> Query:
        """Return a query."""
        chance = self._chance
        sort = chance.choices(("relevance", "newest", "oldest"), (8, 1, 1))[0]
        # The scores of related words are kept rounded, so an order by them is not exact.
        self._kinds = (AllOf, AnyOf, MostOf if sort == "relevance" else Related)
        return Query(
            text="",
            clause=self.clause(chance.choices(DEPTHS, DEPTH_WEIGHTS)[0]),
            reading="",
            filters=self.filters() if chance.random() < 0.5 else Filters(),
            sort=sort,  # type: ignore[arg-type]  # an order
            per_page=chance.choice((1, 3, 10, 50)),
            histogram=chance.choices((None, "auto", "day", "month", "year"), (8, 1, 1, 1, 1))[0],
        )

    def clause(self, depth: int) -> Clause:
        """Return a clause with clauses of this *depth* in it."""
        chance = self._chance
        if not depth:
            return self._leaf()
        if chance.random() < 0.1:
            return Not(self.clause(depth - 1))
        kind = chance.choices(self._kinds, (4, 3, 2))[0]
        size = chance.choices(SIZES, SIZE_WEIGHTS)[0]
        inner = [self._member(depth - 1) for _ in range(size)]
        if kind is AllOf and chance.random() < 0.2:
            inner.append(Not(self.clause(depth - 1)))
        return kind(tuple(inner))

    def _member(self, depth: int) -> Clause:
        return self.clause(depth) if self._chance.random() < 0.4 else self.word()

    def _leaf(self) -> Clause:
        kinds: tuple[Callable[[], Clause], ...] = (
            self.word,
            self.phrase,
            self._prefix,
            self._fuzzy,
            self._wildcard,
            Everything,
        )
        return self._chance.choices(kinds, (8, 8, 1, 1, 1, 0.5))[0]()

    # --- Words -------------------------------------------------------------------------------

    def word(self, forms: Forms | None = None) -> Word:
        """Return a word of the world, or one that it lacks, as it is after settling."""
        chance = self._chance
        forms = forms or self._any_forms()
        if chance.random() < 0.06:
            return self._related_word()
        exact = forms.exact[-1]
        has_lemma = chance.random() < 0.85
        return Word(
            text=exact,
            lemma=self._some_lemmas(forms) if has_lemma else (),
            stem=forms.stem[:1] if chance.random() < 0.7 else (),
            exact=(exact,) if chance.random() < 0.7 else (),
            fold=forms.fold[-1:] if chance.random() < 0.1 else (),
            # Lemmas that no release has leave the stem to match.
            stem_matches=chance.random() < (0.1 if has_lemma else 0.6),
            accented=beginning_with_accents(exact) if chance.random() < 0.8 else "",
            part=chance.choice(PARTS) if chance.random() < 0.08 else None,
            scored=chance.random() < 0.9,
            weight=chance.choice((1.0, 1.0, 1.0, 0.5)),
        )

    def _any_forms(self) -> Forms:
        vocabulary = self._world.vocabulary
        if self._chance.random() < 0.05:
            return MISSING
        return self._chance.choices(vocabulary.words, [weight**0.5 for weight in vocabulary.weights])[0]

    def _some_lemmas(self, forms: Forms) -> tuple[str, ...]:
        lemmas = list(forms.lemma)
        if self._chance.random() < 0.1:
            lemmas += [one for one in self._any_forms().lemma if one not in lemmas]
        if self._chance.random() < 0.05:
            lemmas.insert(0, "nav")
        return tuple(lemmas)

    def _related_word(self) -> Word:
        """Return the words of one meaning, which score alike."""
        lemmas = dict.fromkeys(lemma for _ in range(3) for lemma in self._any_forms().lemma)
        return Word(text="…", lemma=tuple(lemmas), weight=0.4, pooled=True)

    def phrase(self) -> Phrase:
        """Return words that follow each other in a release, also across its parts, or might do so."""
        chance = self._chance
        tokens = [forms for _, _, forms in chance.choice(self._world.docs).tokens]
        size = chance.choices((1, 2, 3, 4, 30), (1, 12, 6, 2, 0.2))[0]
        first = chance.randint(0, max(0, len(tokens) - size))
        words = [self._word_of_phrase(forms) for forms in tokens[first : first + size]]
        if not words or chance.random() < 0.1:
            words.append(self.word())
        if chance.random() < 0.1:
            chance.shuffle(words)
        return Phrase(
            words=tuple(words),
            slop=chance.choices((0, 1, 3, 99), (12, 1, 1, 1))[0],
            part=chance.choice(PARTS) if chance.random() < 0.08 else None,
        )

    def _word_of_phrase(self, forms: Forms) -> Word:
        if self._chance.random() < 0.2:
            return self.word(forms)
        return Word(text=forms.exact[-1], lemma=forms.lemma, stem=forms.stem[:1], exact=forms.exact[-1:])

    # --- Beginnings and the like ---------------------------------------------------------------

    def _folded(self) -> str:
        """Return the first letters of a folded word."""
        return self._any_forms().fold[0][:8]

    def _prefix(self) -> Prefix:
        return Prefix(text=self._folded()[: self._chance.randint(1, 4)], part=self._part())

    def _fuzzy(self) -> Fuzzy:
        text = self._folded()
        place = self._chance.randrange(len(text))
        changed = text[:place] + self._chance.choice(("", "x", "a")) + text[place + 1 :]
        return Fuzzy(text=changed or "x", distance=self._chance.choice((1, 2)), part=self._part())

    def _wildcard(self) -> Wildcard:
        text = self._folded()
        place = self._chance.randrange(len(text))
        return Wildcard(
            text=text[:place]
            + self._chance.choice("*?")
            + text[place + 1 :]
            + self._chance.choice(("", "*")),
            part=self._part(),
        )

    def _part(self) -> Part | None:
        return self._chance.choice(PARTS) if self._chance.random() < 0.1 else None

    # --- Filters -----------------------------------------------------------------------------

    def filters(self) -> Filters:
        """Return filters: most often of days, at days that releases have or beside them."""
        chance = self._chance
        return Filters(
            ministries=self._some(MINISTRIES, 0.2),
            languages=self._some(LANGUAGES, 0.2),
            published_from=self._day() if chance.random() < 0.6 else None,
            published_to=self._day() if chance.random() < 0.6 else None,
            traits=self._some(TRAITS, 0.15),
            categories=self._some(CATEGORIES, 0.15),
        )

    def _day(self) -> date:
        return self._chance.choice(self._days) + timedelta(self._chance.choice((-1, 0, 0, 0, 1)))

    def _some(self, values: tuple[str, ...], share: float) -> tuple[Any, ...]:
        if self._chance.random() > share:
            return ()
        return tuple(self._chance.sample(values, self._chance.randint(1, len(values) - 1)))


def beginning_with_accents(text: str) -> str:
    """Return the folded beginning of a word up to its last diacritic, "" if it has none.

    >>> beginning_with_accents("ceļā"), beginning_with_accents("ceļa"), beginning_with_accents("cela")
    ('cela', 'cel', '')
    """
    ends = [place + 1 for place, letter in enumerate(text) if bare(letter) != letter]
    return bare(text[: ends[-1]]) if ends else ""
