"""The words of an index in a cluster, as prepared answers have them."""

from math import log

import pytest

from index.engines.opensearch.search import vocabulary
from index.engines.opensearch.search.vocabulary import (
    ClusterVocabulary,
    IndexedWord,
    terms_to_settle,
    words_of,
)
from index.query import (
    AllOf,
    AnyOf,
    EnoughOf,
    Everything,
    Fuzzy,
    InOpening,
    MostOf,
    Not,
    Phrase,
    Prefix,
    Related,
    Wildcard,
    Word,
)
from tests.support.cluster_answers import asked_of, counted, facts, snapshot_of, words

CELS = (0x1, {"lemma": ["cels"], "exact": ["ceļš"], "fold": ["cels"], "stem": ["cel"]})
CELI = (0x2, {"lemma": ["cels", "celis"], "exact": ["ceļi", "celi"], "fold": ["celi"], "stem": ["cel"]})


def test_sizes_are_asked_for_once_and_of_several_texts_together() -> None:
    with snapshot_of(counted(3), counted(5, 8)) as (snapshot, serving):
        known = ClusterVocabulary(snapshot)
        assert [known.size("lemma", "a"), known.size("lemma", "a")] == [3, 3]
        known.look_up_sizes([("lemma", "a"), ("lemma", "a", "b"), ("stem", "c"), ("stem", "c")])
        assert (known.size("lemma", "a", "b"), known.size("stem", "c")) == (5, 8)
        queries = [[search["query"] for search in searches] for searches in asked_of(serving)]
    assert queries == [
        [{"terms": {"lemma": ["a"]}}],
        [{"terms": {"lemma": ["a", "b"]}}, {"terms": {"stem": ["c"]}}],
    ]


def test_words_are_found_by_each_of_their_terms() -> None:
    with snapshot_of(words(CELS, CELI)) as (snapshot, serving):
        known = ClusterVocabulary(snapshot)
        known.look_up_words([("lemma", "cels"), ("lemma", "celis"), ("fold", "celi"), ("stem", "nav")])
        assert known.words("lemma", "cels") == (IndexedWord(1, ("ceļš",)), IndexedWord(2, ("ceļi", "celi")))
        assert (
            known.words("lemma", "celis")
            == known.words("fold", "celi")
            == (IndexedWord(2, ("ceļi", "celi")),)
        )
        assert known.words("stem", "nav") == ()
        assert asked_of(serving) == [
            [
                {
                    "size": 10_000,
                    "sort": ["key"],
                    "query": {
                        "bool": {
                            "should": [
                                {"terms": {"lemma": ["cels", "celis"]}},
                                {"terms": {"fold": ["celi"]}},
                                {"terms": {"stem": ["nav"]}},
                            ]
                        }
                    },
                }
            ]
        ]


def test_many_words_are_read_page_by_page(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(vocabulary, "_PAGE", 2)
    with snapshot_of(words(CELS, CELI), words((0x3, {"lemma": ["cels"]}))) as (snapshot, serving):
        keys = ClusterVocabulary(snapshot).keys_matching({"prefix": {"fold": {"value": "c"}}})
        assert keys == [f"{key:016x}" for key in (1, 2, 3)]
        pages = [search.get("search_after") for (search,) in asked_of(serving)]
    assert pages == [None, [f"{2:016x}"]]


def test_terms_are_asked_for_in_slices_and_forgotten_when_they_are_many(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(vocabulary, "_ASKED", 2)
    monkeypatch.setattr(vocabulary, "_CACHED_MAX", 2)
    with snapshot_of(counted(1, 2), counted(3), counted(4), counted(5)) as (snapshot, serving):
        known = ClusterVocabulary(snapshot)
        known.look_up_sizes([("lemma", text) for text in "abc"])
        assert [known.size("lemma", text) for text in "abc"] == [1, 2, 3]
        assert known.size("lemma", "d") == 4  # there were more than two
        assert known.size("lemma", "a") == 5
        assert [len(searches) for searches in asked_of(serving)] == [2, 1, 1, 1]


def test_releases_with_any_of_some_words_are_counted_once() -> None:
    with snapshot_of(counted(9)) as (snapshot, serving):
        known = ClusterVocabulary(snapshot)
        pair = [IndexedWord(2, ()), IndexedWord(1, ())]
        assert known.count_with(pair) == known.count_with(reversed(pair)) == 9
        ((search,),) = asked_of(serving)
    keys = [f"{1:016x}", f"{2:016x}"]
    parts = ("title", "lead", "date", "body", "attachment")
    assert search["query"] == {"bool": {"should": [{"terms": {f"{part}_words": keys}} for part in parts]}}


def test_rarity_is_that_among_all_releases() -> None:
    with snapshot_of(facts(100, newest=None, length=0)) as (snapshot, _):
        known = ClusterVocabulary(snapshot)
        rarities = [known.idf(documents) for documents in (1, 2, 99)]
    assert rarities == sorted(rarities, reverse=True)
    assert rarities[0] == pytest.approx(log(1 + 99.5 / 1.5))


A, B, C, D, E = (Word(text=text, lemma=(text,)) for text in "abcde")


def test_the_words_of_a_clause_are_those_of_all_its_parts() -> None:
    clause = AllOf(
        (
            A,
            Phrase(words=(B, A)),
            Not(AnyOf((C, MostOf((EnoughOf((InOpening(D),), (1,), 1),))))),
            Related((E,)),
            Prefix(text="x"),
            Fuzzy(text="y", distance=1),
            Wildcard(text="z*"),
            Everything(),
        )
    )
    assert [word.text for word in words_of(clause)] == list("abacde")


def test_every_term_that_settles_a_word_is_looked_up() -> None:
    word = Word(
        text="w",
        lemma=("l", "m"),
        unaccented=("u",),
        acronym="^w",
        exact=("e",),
        fold=("f",),
        stem=("s",),
        pooled=True,
    )
    assert list(terms_to_settle(word)) == [
        *(("lemma", text) for text in ("l", "m", "u", "^w")),
        ("lemma", "l", "m"),
        ("exact", "e"),
        ("fold", "f"),
        ("stem", "s"),
    ]
    assert list(terms_to_settle(A)) == [("lemma", "a")]
