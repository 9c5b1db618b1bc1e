"""Prefixes, wildcards and fuzzy words: their words and documents, compiled and interpreted."""

from collections.abc import Callable
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

import pytest

from index import deadline
from index.codec import ArrayIndex
from index.query import Fuzzy, Prefix, Wildcard
from index.search.index_reader import IndexReader
from tests.support.corpora import WORDS, index_of
from tests.support.decoded import Load, docs_of, posting_lists
from tests.support.interpreted import each_form
from tests.support.oracle import Doc

OPEN_WORDS = "index.search.compiled.leaves.open_words"
DELETED = [2, 8, 9]


def document(number: int) -> Doc:
    body = [WORDS[word % len(WORDS)] for word in range(number, 2 * number, 5)]
    return Doc(f"d{number}", "fm", "lv", None, f"d{number}", {"body": body})


DOCS = [document(number) for number in range(18)]


def index_with_deletions(folder: Path) -> ArrayIndex:
    ix = index_of(folder, DOCS[:10], DOCS[10:11], DOCS[11:])
    writer = ix.writer()
    for number in DELETED:
        writer.delete_unique("id", f"d{number}".encode())
    writer.commit(merge=False)
    return ix


def matching(is_match: Callable[[str], bool]) -> list[int]:
    return [
        number
        for number, doc in enumerate(DOCS)
        if number not in DELETED and any(is_match(text) for _, _, forms in doc.tokens for text in forms.fold)
    ]


def words_in(load: Load, clause: Any, lists: Any) -> list[list[int]]:
    return [load(OPEN_WORDS).words_matching(clause, segment) for segment in lists.segments]


@each_form
@pytest.mark.parametrize(
    ("clause", "is_match"),
    [
        (Prefix(text="cel"), lambda text: text.startswith("cel")),
        (Prefix(text=""), lambda _: True),
        (Prefix(text="x"), lambda _: False),
        (Wildcard(text="c*u"), lambda text: fnmatchcase(text, "c*u")),
        (Wildcard(text="?el?"), lambda text: fnmatchcase(text, "?el?")),
        (Fuzzy(text="cela", distance=1), lambda text: text in {"cels", "celu", "cel", "cela", "celt"}),
    ],
    ids=lambda value: "" if callable(value) else repr(value),
)
def test_documents_with_any_matching_word_are_found(
    load: Load, clause: Any, is_match: Callable[[str], bool], tmp_path: Path
) -> None:
    reader = IndexReader(index_with_deletions(tmp_path))
    lists = posting_lists(load, reader)
    words = words_in(load, clause, lists)
    assert all(mine == sorted(set(mine)) for mine in words)
    found = load(OPEN_WORDS).docs_of_words(lists, words, reader.count)
    assert docs_of(found) == matching(is_match)
    assert lists.blocks == sum(map(len, words))
    assert not found.has_frequencies


@each_form
def test_segment_without_terms_has_no_matching_word(load: Load, tmp_path: Path) -> None:
    empty = Doc("e", "fm", "lv", None, "e", {"body": []})
    reader = IndexReader(index_of(tmp_path, [empty], DOCS[3:4]))
    lists = posting_lists(load, reader)
    words = words_in(load, Prefix(text=""), lists)
    assert words[0] == []
    assert docs_of(load(OPEN_WORDS).docs_of_words(lists, words, 2)) == [1]
    assert docs_of(load(OPEN_WORDS).docs_of_words(lists, [[], []], 2)) == []


@each_form
def test_reading_many_lists_takes_no_longer_than_it_may(load: Load, tmp_path: Path) -> None:
    reader = IndexReader(index_of(tmp_path, DOCS))
    lists = posting_lists(load, reader)
    words = words_in(load, Prefix(text="cel"), lists)
    with deadline.at_most(-1), pytest.raises(deadline.DeadlineError):
        load(OPEN_WORDS).docs_of_words(lists, words, reader.count)
