"""Precision: searches for each word of the sample releases alone, and counts hits without any form of it.

Usage: python -m benchmarks.precision [--every N]

A form is judged without our lemmatizer: the word in capitals or without diacritics, a word with a common
lemma in the spelling dictionary, or, if the dictionary does not know one of the two, with the same letters
before usual endings. Abbreviations are not expanded; the day of publication counts as text.
"""

import argparse
import tempfile
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

import snowballstemmer

from benchmarks.relevance import TODAY, SampleCorpus
from crawler.store import Store
from index.analysis import Analyzer
from index.analysis.latvian.hunspell import open_lexicon
from index.analysis.latvian.letters import fold
from index.analysis.latvian.tokenizer import TOKEN, read
from index.engines.whoosh.engine import WhooshEngine
from index.query import parse
from preses_relizes.shared.calendar import LATVIAN_MONTHS

# --- Forms ---------------------------------------------------------------------------------------

# Forms that the dictionary lists as words of their own.
_SAME_WORD = {
    form: word
    for word, forms in {
        "būt": "ir nav būtu nebūtu jābūt esošs neesošs",
        "vajadzēt": "vajag nevajag vajadzētu nevajadzētu",
        "tūkstotis": "tūkt tūkstoš",
    }.items()
    for form in forms.split()
}
_ENDINGS = tuple(
    "s š a e is us u i ī ā ē as es am ai ei im um em ām ēm īm iem os ās ēs o ie ais ajam ajai ajā ajos ajās "
    "ajiem ajām ij".split()
)
# Declension changes these consonants: Kalniņš, Kalniņa; Briedis, Brieža.
_SOFT = str.maketrans("ņļšžčķģ", "nlszckg")
_STEM_MIN = 3
_SNOWBALL = tuple(snowballstemmer.stemmer(language) for language in ("english", "russian"))


def is_form(asked: str, found: str) -> bool:
    """Return whether *found* is a form of the word *asked*, or a compound with one.

    >>> is_form("nāve", "nāvei"), is_form("nāve", "nav"), is_form("Kariņš", "Karīna")
    (True, False, False)
    >>> is_form("Covid", "COVID-19")
    True
    """
    return any(
        _is_form(one, other) for one in read(asked).terms for other in read(found).terms if one and other
    )


@cache
def _is_form(asked: str, found: str) -> bool:
    if asked == found or any(stemmer.stemWord(asked) == stemmer.stemWord(found) for stemmer in _SNOWBALL):
        return True
    lemmas, others = _lemmas(asked), _lemmas(found)
    if lemmas & others:
        return True
    lacks_diacritics = (found.isascii() and not others) or (asked.isascii() and not lemmas)
    if lacks_diacritics and fold(asked) == fold(found):
        return True
    return not (lemmas and others) and not _stems(asked).isdisjoint(_stems(found))


@cache
def _lemmas(word: str) -> frozenset[str]:
    lemmas = open_lexicon().lemmas(word)
    reflexive = (f"{lemma}ies" for lemma in lemmas if word == f"{lemma}os")  # gribētos
    return frozenset((*(_SAME_WORD.get(lemma, lemma) for lemma in lemmas), *reflexive))


@cache
def _stems(word: str) -> frozenset[str]:
    stems = (word.removesuffix(ending) for ending in ("", *_ENDINGS) if word.endswith(ending))
    return frozenset(stem.translate(_SOFT) for stem in stems if len(stem) >= _STEM_MIN)


class Vocabulary:
    """Words of the releases by what their forms have in common, so that not every pair is compared."""

    def __init__(self, words: Iterable[str]) -> None:
        self._by_key: dict[str, set[str]] = defaultdict(set)
        for word in words:
            for key in _keys(word):
                self._by_key[key].add(word)

    def forms_of(self, asked: str) -> frozenset[str]:
        """Return the words that are forms of *asked*."""
        near = set().union(*(self._by_key.get(key, ()) for key in _keys(asked)))
        return frozenset(word for word in near if is_form(asked, word))


def _keys(word: str) -> Iterator[str]:
    """Yield what *word* shares with each of its forms, by any of the ways in which `_is_form` compares."""
    for term in filter(None, read(word).terms):
        yield from (term, fold(term), *_lemmas(term), *_stems(term))
        yield from (stemmer.stemWord(term) for stemmer in _SNOWBALL)


# --- Asking --------------------------------------------------------------------------------------


@dataclass(slots=True)
class Tally:
    """The results of searching single words."""

    asked: int = 0
    without_hits: list[str] = field(default_factory=list)
    wrong_hit: list[str] = field(default_factory=list)
    """Words with a hit that contains no form of them."""
    wrong_first: list[str] = field(default_factory=list)
    wrong_mark: list[str] = field(default_factory=list)
    """Words with a hit in which another word is marked."""


def ask_all(
    engine: WhooshEngine, analyzer: Analyzer, texts: Mapping[str, frozenset[str]], every: int
) -> Tally:
    """Ask every *every*-th word of *texts*, which are the words of each release by its id."""
    tally = Tally()
    words = sorted({word for words in texts.values() for word in words})
    vocabulary = Vocabulary(words)
    for word in words[::every]:
        query = parse(word, analyzer=analyzer, today=TODAY, per_page=len(texts))
        if query.time is not None:  # šogad: the releases of a time need not name it
            continue
        results = engine.search(query)
        tally.asked += 1
        forms = vocabulary.forms_of(word)
        holds = [not forms.isdisjoint(texts[hit.id]) for hit in results.hits]
        marked = (text for hit in results.hits for text in _marked(hit.title.text, hit.title.marks))
        if not holds:
            tally.without_hits.append(word)
        elif not holds[0]:
            tally.wrong_first.append(word)
        if not all(holds):
            tally.wrong_hit.append(word)
        if not all(other in forms or is_form(word, other) for other in marked):
            tally.wrong_mark.append(word)
    return tally


def _marked(text: str, marks: Sequence[tuple[int, int]]) -> Iterator[str]:
    return (token for start, end in marks for token in _words(text[start:end]))


def _words(text: str) -> list[str]:
    return [match[0] for match in TOKEN.finditer(text) if read(match[0]).kind in ("word", "compound")]


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--every", type=int, default=1, metavar="N", help="ask only every N-th word")
    every = parser.parse_args().every
    analyzer = Analyzer()
    with tempfile.TemporaryDirectory() as folder:
        engine = SampleCorpus(Path(folder)).engine("ours", analyzer)
        texts = {}
        with Store.open_readonly(Path(folder) / "releases.sqlite3") as store:
            for stored in store.changes_since(0):
                release = stored.release
                attached = (attachment.title for attachment in release.attachments)
                month = LATVIAN_MONTHS[release.published.month - 1] if release.published else ""
                parts = (release.title, release.lead, release.body, month, *attached)
                texts[stored.id] = frozenset(_words("\n".join(parts)))
        tally = ask_all(engine, analyzer, texts, every)
    print(f"{tally.asked:,} words of {len(texts)} releases, each asked alone\n")
    for name in ("wrong_hit", "wrong_first", "wrong_mark", "without_hits"):
        words = getattr(tally, name)
        print(f"{name:12} {len(words):5} {100 * len(words) / tally.asked:6.2f} %  {' '.join(words[:20])}")


if __name__ == "__main__":
    main()
