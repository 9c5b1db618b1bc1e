"""What a release, and each time that falls due in it, is about: words that a later release shares."""

import zlib
from collections.abc import Iterable, Iterator, Sequence
from functools import cache, cached_property, lru_cache
from itertools import islice
from typing import NamedTuple

import msgspec

from crawler.config import Language
from index.analysis import Analyzer
from index.analysis.latvian.stopwords import stop_words
from index.analysis.sentences import spans
from index.mentions import Due, Mentions

Span = tuple[int, int]
_LEAD_SENTENCES = 3
"""A release says in its title and its first sentences what it is about."""
_QUOTABLE_SENTENCES = 8
_SHORTEST_WORD = 3
_OPENING_MARKS = tuple('„“"«')
_BEFORE_SENTENCE = '„“"« '
# Words of time say when, not what.
_TIMES = frozenset(
    "gads gada mēnesis nedēļa diena janvāris februāris marts aprīlis maijs jūnijs jūlijs augusts septembris "
    "oktobris novembris decembris pavasaris vasara rudens ziema beigas sākums year month week day январь "
    "февраль март апрель май июнь июль август сентябрь октябрь ноябрь декабрь год".split()
)


class MatterWord(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """A word of what falls due, in any of its dictionary forms."""

    terms: tuple[int, ...]
    """Digests of the forms."""
    is_name: bool
    """Whether it is written as a name, or cites an act."""
    is_core: bool
    """Whether both the title and the sentence have it."""


class _Word(NamedTuple):
    terms: tuple[int, ...]
    is_name: bool


_encode = msgspec.msgpack.encode
_decode = msgspec.msgpack.Decoder(list[MatterWord]).decode


def pack_matter(words: Sequence[MatterWord]) -> bytes:
    """Return *words* as the register keeps them."""
    return _encode(words)


def unpack_matter(packed: bytes) -> list[MatterWord]:
    """Return the words that ``pack_matter`` packed."""
    return _decode(packed)


class MatterReader:
    """Reads what a release is about; *text* is its lead and body, both masked."""

    def __init__(self, title: str, text: str, language: Language, analyzer: Analyzer) -> None:
        self._text, self._language, self._analyzer = text, language, analyzer
        self._title = list(_words(title, language, analyzer))

    def topic(self, mentions: Mentions) -> frozenset[int]:
        """Return the words by which a later release is found: of title, beginning and cited acts."""
        words = list(self._title)
        if lead := list(islice(spans(self._text), _LEAD_SENTENCES)):
            words += self._of_sentence(lead[0][0], lead[-1][1])
        terms = {term for word in words for term in word.terms}
        return frozenset(terms | {_act_term(one.act) for one in mentions.citations})

    def matter(self, due: Due, mentions: Mentions) -> list[MatterWord]:
        """Return the words of a time that falls due: of its sentence, the one before and the title."""
        start, end = due.sentence
        at = next((at for at, sentence in enumerate(self._sentences) if sentence[1] > start), 0)
        first = self._sentences[at - 1][0] if at else start
        words = [*self._of_sentence(start, end, without=(due.start, due.end))]
        if at:
            words += self._of_sentence(*self._sentences[at - 1])
        words += (
            _Word((_act_term(one.act),), is_name=True)
            for one in mentions.citations
            if first <= one.start < end
        )
        titled = {term for word in self._title for term in word.terms}
        core = {word.terms for word in words if not titled.isdisjoint(word.terms)}
        names: dict[tuple[int, ...], bool] = {}
        for word in (*words, *self._title):
            names[word.terms] = names.get(word.terms, False) or word.is_name
        return [MatterWord(terms, is_name, terms in core) for terms, is_name in names.items()]

    def quotable(self, matter: Iterable[MatterWord]) -> Span | None:
        """Return which of the first sentences shares most with *matter*; None if there are none."""
        wanted = {term: 2 if word.is_name else 1 for word in matter for term in word.terms}

        def shared(sentence: Span) -> int:
            found = {word.terms for word in self._of_sentence(*sentence)}
            return sum(max(wanted.get(term, 0) for term in terms) for terms in found)

        return max(islice(spans(self._text), _QUOTABLE_SENTENCES), key=shared, default=None)

    @cached_property
    def _sentences(self) -> Sequence[Span]:
        # Most releases announce nothing, so only their beginning is split.
        return list(spans(self._text))

    def _of_sentence(self, start: int, end: int, *, without: Span = (0, 0)) -> Iterator[_Word]:
        skipped = without[0] - start, without[1] - start
        return _words(self._text[start:end], self._language, self._analyzer, without=skipped)


def _words(
    sentence: str, language: Language, analyzer: Analyzer, *, without: Span = (0, 0)
) -> Iterator[_Word]:
    columns = analyzer.columns(sentence, language)
    for start, end, forms in zip(columns.starts, columns.ends, columns.forms, strict=True):
        terms = _terms(forms.lemma)
        if not terms or end - start < _SHORTEST_WORD or without[0] <= start < without[1]:
            continue
        if sentence[start:end].lower() not in stop_words():
            yield _Word(terms, is_name=sentence[start].isupper() and _is_inside(sentence, start))


def _is_inside(sentence: str, start: int) -> bool:
    """Return whether a capital at *start* makes a name: that of a sentence does not, unless quoted."""
    return sentence[start - 1 : start] in _OPENING_MARKS or bool(sentence[:start].strip(_BEFORE_SENTENCE))


@lru_cache(1 << 16)
def _terms(lemmas: tuple[str, ...]) -> tuple[int, ...]:
    """Return the digests of the forms of a word; none of a number or a word of time."""
    plain = {lemma.lstrip("^~") for lemma in lemmas}
    if not plain.isdisjoint(_TIMES) or any(lemma[:1].isdigit() for lemma in plain):
        return ()
    return tuple(map(_term, lemmas))


@cache
def _act_term(act: str) -> int:
    return _term(f"§{act}")


def _term(text: str) -> int:
    return zlib.crc32(text.encode())
