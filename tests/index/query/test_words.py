"""How the words of a query are settled by the words of an index."""

from collections.abc import Mapping

import pytest
from msgspec.structs import replace

from index.analysis import Analyzer
from index.query import AllOf, Clause, Not, Phrase, Word
from index.query.words import any_form, read_unaccented, settle, without_scores
from tests.support.queries import Parse, TextVocabulary


class Counts:
    """A vocabulary of terms and the number of releases with each."""

    def __init__(self, counts: Mapping[str, int]) -> None:
        self._counts = counts

    def size(self, field: str, text: str) -> int:
        return self._counts.get(f"{field}:{text}", 0)


def settled(analyzer: Analyzer, typed: str, text: str) -> Word:
    """Return the word *typed*, settled by the words of *text*."""
    word = settle(any_form(typed, analyzer), TextVocabulary(analyzer.analyze(text)))
    assert isinstance(word, Word)
    return word


@pytest.mark.parametrize(
    ("typed", "text", "lemma", "unaccented"),
    [
        ("tiesa", "Tiesa lēma tieši.", ("tiesa",), ("tiešs",)),
        ("tiesa", "Viņš lēma tieši.", ("tiesa", "tiešs"), ()),
        ("tiesa", "Tiesas lēma tieši.", ("tiesa", "tiešs"), ()),  # tiesa itself does not occur
        ("tiesa", "Tiesa lēma.", ("tiesa",), ()),
        ("videjais", "Vidējais atalgojums.", ("~videj", "videjai", "vidējs"), ()),
        ("videjais", "Raksti www.videjais.lv par vidējo.", ("~videj", "videjai", "vidējs"), ()),
        ("karinam", "Kariņš un Karīna.", ("~karin", "karinam", "karīna"), ()),
        ("vejlapam", "Vējlapa un Vejlapa.", ("~vejlap", "vejlapam", "~~vejlap"), ()),
        ("vejlapa", "Vējlapa un Vejlapa.", ("~vejlap", "vejlapa"), ("~~vejlap",)),
        ("saka", "Saka, ka sāks.", ("saka", "sacīt"), ("sākt",)),
    ],
)
def test_diacritics_may_be_missing_unless_the_word_occurs_as_typed(
    analyzer: Analyzer, typed: str, text: str, lemma: tuple[str, ...], unaccented: tuple[str, ...]
) -> None:
    word = settled(analyzer, typed, text)
    assert (word.lemma, word.unaccented) == (lemma, unaccented)


@pytest.mark.parametrize(("text", "fold"), [("Tiesa lēma tieši.", ()), ("Viņš lēma tieši.", ("tiesi",))])
def test_a_quoted_word_may_lack_diacritics_unless_it_occurs_as_typed(
    analyzer: Analyzer, read: Parse, text: str, fold: tuple[str, ...]
) -> None:
    typed = "tiesa" if not fold else "tiesi"
    word = settle(read(f'"{typed}"').clause, TextVocabulary(analyzer.analyze(text)))
    assert isinstance(word, Word)
    assert (word.exact, word.fold) == ((typed,), fold)


@pytest.mark.parametrize(("strays", "is_read"), [(3, True), (300, False)])
def test_a_stray_does_not_make_a_word(analyzer: Analyzer, strays: int, *, is_read: bool) -> None:
    counts = Counts({"exact:celu": strays, "lemma:celu": strays, "lemma:ceļš": 9_000})
    word = settle(any_form("celu", analyzer), counts)
    assert isinstance(word, Word)
    assert ("ceļš" in word.lemma) is is_read


def test_an_english_word_among_others_is_read_as_latvian_only_if_that_is_commoner(analyzer: Analyzer) -> None:
    english = {"exact:plans": 5, "lemma:plan": 9}
    rare, common = (Counts({**english, "lemma:plāns": number}) for number in (5, 50))
    query = AllOf((any_form("plans", analyzer), any_form("budžets", analyzer)))
    for counts, is_read in ((rare, False), (common, True)):
        settled_query = settle(query, counts)
        assert isinstance(settled_query, AllOf)
        word = settled_query.clauses[0]
        assert isinstance(word, Word)
        assert ("plāns" in word.lemma) is is_read


def test_an_english_word_alone_is_read_as_typed_if_it_occurs(analyzer: Analyzer) -> None:
    common = Counts({"exact:plans": 5, "lemma:plan": 9, "lemma:plāns": 50})
    word = settle(any_form("plans", analyzer), common)
    assert isinstance(word, Word)
    assert "plāns" in word.unaccented


@pytest.mark.parametrize(
    ("typed", "text", "matches_stem"),
    [
        ("rubeņkalniem", "Rubeņkalni", False),  # its forms are in the index
        ("nāve", "Nav.", False),  # the dictionary knows it
        ("graudaudzētava", "Graudaudzis", True),
        ("Graudaudzētava", "Graudaudzis", False),  # a name is not a common word
    ],
)
def test_the_stem_matches_only_a_word_known_to_neither_dictionary_nor_index(
    analyzer: Analyzer, typed: str, text: str, *, matches_stem: bool
) -> None:
    assert settled(analyzer, typed, text).stem_matches is matches_stem


@pytest.mark.parametrize(
    ("typed", "text", "lemma"),
    [
        ("ES", "Es redzu ES.", ("^es",)),
        ("ES", "Es redzu.", ("^es", "es")),  # no release has the acronym
        ("COVID", "COVID un Covid.", ("^covid", "~covid", "covid")),
        ("es", "Es redzu ES.", ("es",)),
    ],
)
def test_an_acronym_of_the_index_is_nothing_else(
    analyzer: Analyzer, typed: str, text: str, lemma: tuple[str, ...]
) -> None:
    assert settled(analyzer, typed, text).lemma == lemma


def test_settling_twice_changes_nothing(analyzer: Analyzer, read: Parse) -> None:
    vocabulary = TextVocabulary(analyzer.analyze("Tiesa lēma tieši par ES un Vējlapu."))
    once = settle(read('tiesa ES vejlapam nezinami "tiesa lema"~3 -tiesa').clause, vocabulary)
    assert settle(once, vocabulary) == once


def test_every_word_of_a_query_is_read_with_diacritics() -> None:
    word = Word(text="tiesa", lemma=("tiesa",), unaccented=("tiešs",))
    clause: Clause = AllOf((word, Phrase(words=(word, word)), Not(word)))
    wider = Word(text="tiesa", lemma=("tiesa", "tiešs"))
    assert read_unaccented(clause) == AllOf((wider, Phrase(words=(wider, wider)), Not(wider)))
    assert read_unaccented(wider) is None


def test_words_without_scores_are_those_of_phrases_too() -> None:
    word = Word(text="a", lemma=("a",))
    unscored = replace(word, scored=False)
    clause = AllOf((word, Phrase(words=(word, word))))
    assert without_scores(clause) == AllOf((unscored, Phrase(words=(unscored, unscored))))
