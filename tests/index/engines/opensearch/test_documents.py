"""A release as a document of the cluster."""

from datetime import date

import pytest

from crawler.store import Store
from index.analysis import Analyzer
from index.engines.opensearch.documents import (
    WordKeys,
    pack_tokens,
    release_document,
    term_key,
    unpack_tokens,
    word_key,
    write_key,
)
from index.indexing import Document
from tests.index.conftest import SEEN, Save


def made(store: Store, save: Save, analyzer: Analyzer, **fields: str) -> tuple[dict[str, object], WordKeys]:
    stored = store.get(save("a", **fields))
    assert stored is not None
    words = WordKeys()
    return dict(release_document(Document.of(stored), stored.number, analyzer, words, shared=False)), words


def test_a_word_of_the_title_counts_as_often_as_it_weighs(
    store: Store, save: Save, analyzer: Analyzer
) -> None:
    document, _ = made(store, save, analyzer, title="Meži", lead="Meži", body="Meži deg.")
    counts = [str(document["lemma"]).split().count(term) for term in ("mežs", "degt")]
    assert counts == [4 + 2 + 1, 1]
    assert str(document["fold"]).split().count("mezi") == 1


def test_the_stored_tokens_are_the_words_of_all_parts(store: Store, save: Save, analyzer: Analyzer) -> None:
    document, words = made(store, save, analyzer, title="Meži deg", body="Deg meži.")
    counts, keys = unpack_tokens(str(document["tokens"]))
    title = [int(key, 16) for key in str(document["title_words"]).split()]
    assert counts[0] == len(title) == 2
    assert keys[:2].tolist() == title
    assert sum(counts) == len(keys)
    new = {int(word["key"], 16): word["fold"] for word in words.take_new()}
    assert [new[key] for key in title] == [["mezi"], ["deg"]]
    assert words.take_new() == []


def test_equal_words_have_equal_keys_whatever_the_order_of_their_terms() -> None:
    one, other = ((("a", "b"), (), ("c",), ("c",)), (("b", "a"), (), ("c",), ("c",)))
    assert word_key(one) == word_key(other)
    assert int(write_key(word_key(one)), 16) == word_key(one)


def test_a_term_that_the_cluster_would_split_is_cut_and_stays_distinct() -> None:
    long, longer = "ā" * 300, "ā" * 301
    assert len(term_key(long)) < 255
    assert term_key(long) != term_key(longer)
    assert not any(map(str.isspace, term_key("a b")))


def test_a_release_has_its_fields(store: Store, save: Save, analyzer: Analyzer) -> None:
    first = save("a")
    id_ = save(
        "b", title="Meži", lead="Par mežiem", body="Meži deg.", ministry="VM", category="NATO, Mācības"
    )
    store.set_cluster(id_, first, seen=SEEN)
    stored = store.get(id_)
    assert stored is not None
    document = dict(release_document(Document.of(stored), 7, analyzer, WordKeys(), shared=True))
    expected = {
        "id": id_,
        "number": 7,
        "cluster": first,
        "shared": True,
        "ministry": "VM",
        "site": "iem",
        "language": "lv",
        "day": date(2020, 1, 1).toordinal(),
        "year": "2020",
        "categories": ["NATO", "Mācības"],
        "title": "Meži",
        "lead": "Par mežiem",
        "body": "Meži deg.",
    }
    assert {name: document[name] for name in expected} == expected
    counts, _ = unpack_tokens(str(document["tokens"]))
    weights = [4, 2, 1, 1, 1]
    assert document["length"] == sum(
        weight * count for weight, count in zip(weights, counts.tolist(), strict=True)
    )
    assert [counts.tolist()[place] for place in (0, 1, 3, 4)] == [1, 2, 2, 0]


def test_a_release_without_a_day_has_no_year(store: Store, save: Save, analyzer: Analyzer) -> None:
    stored = store.get(save("a", published=None))
    assert stored is not None
    document = release_document(Document.of(stored), 1, analyzer, WordKeys(), shared=False)
    assert "day" not in document
    assert "year" not in document


@pytest.mark.parametrize(("chars", "is_kept"), [(255, True), (256, False)])
def test_only_long_terms_are_cut(chars: int, *, is_kept: bool) -> None:
    assert (term_key("a" * chars) == "a" * chars) == is_kept


def test_words_that_the_index_knows_are_not_new(analyzer: Analyzer) -> None:
    words = WordKeys()
    key = words.key(analyzer.forms("meži"))
    assert [word["key"] for word in words.take_new()] == [write_key(key)]
    assert words.key(analyzer.forms("meži")) == key
    assert words.take_new() == []
    assert WordKeys(known={key}).key(analyzer.forms("meži")) == key
    known = WordKeys(known={key})
    known.key(analyzer.forms("meži"))
    assert known.take_new() == []


def test_tokens_without_padding_are_unpacked() -> None:
    packed = pack_tokens([[1], [], [1 << 63, 5], [], []])
    for text in (packed, packed.rstrip("=")):
        counts, keys = unpack_tokens(text)
        assert (counts.tolist(), keys.tolist()) == ([1, 0, 2, 0, 0], [1, 1 << 63, 5])
