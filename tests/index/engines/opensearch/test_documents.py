"""A release as a document of the cluster."""

from crawler.store import Store
from index.analysis import Analyzer
from index.engines.opensearch.documents import (
    WordKeys,
    release_document,
    term_key,
    unpack_tokens,
    word_key,
    write_key,
)
from index.indexing import Document
from tests.index.conftest import Save


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
