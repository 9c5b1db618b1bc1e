import pytest

from index.search import IndexReader
from tests.support.corpora import WORDS, index_of
from tests.support.oracle import Doc


@pytest.fixture(scope="module")
def reader(tmp_path_factory: pytest.TempPathFactory) -> IndexReader:
    """Two segments; the second has only half of the words."""
    docs = [
        Doc(f"d{number}", "fm", "lv", None, f"d{number}", {"body": list(words)})
        for number, words in enumerate((WORDS, WORDS[::2]))
    ]
    return IndexReader(index_of(tmp_path_factory.mktemp("index"), *([doc] for doc in docs)))


def test_terms_of_the_same_words_are_read_once(reader: IndexReader) -> None:
    assert reader.term("lemma", "budzets") is reader.term("stem", "budz")
    assert reader.term("lemma", "celt") is not reader.term("stem", "cel")
    assert reader.term("id", "d0") is not reader.term("id", "d1")


@pytest.mark.parametrize(
    ("terms", "covering"),
    [
        ((("lemma", "celt"), ("stem", "cel"), ("exact", "celu")), ("stem", "cel")),
        ((("lemma", "celt"), ("exact", "celu")), None),
        ((("lemma", "nowhere"), ("exact", "celu")), ("exact", "celu")),
        ((), None),
    ],
)
def test_term_of_all_words_covers_the_others(
    reader: IndexReader, terms: tuple[tuple[str, str], ...], covering: tuple[str, str] | None
) -> None:
    assert reader.find_covering_term(terms) == covering
