"""A small corpus about budgets and schools, with a cluster and an undated release."""

from datetime import date

from index.query import AllOf, Query, Word
from index.search import Searcher
from tests.support.corpora import WORDS
from tests.support.oracle import Doc

BUDGET = Word(text="budžets", lemma=("budzets",), stem=("budz",))
SCHOOL = Word(text="skola", lemma=("skola",), stem=("skol",))


def document(name: str, *words: int, day: date | None = date(2020, 1, 1), cluster: str = "") -> Doc:
    return Doc(name, "fm", "lv", day, cluster or name, {"body": [WORDS[word] for word in words]})


BATCHES = (
    [document("a", 0, 9, 11), document("b", 0, 11, 9, cluster="a"), document("old", 9, 9, 9, day=None)],
    [document("c", 11, 9, 9, day=date(2021, 1, 1))],
)


def query(*words: Word, **options: object) -> Query:
    return Query(text="", clause=AllOf(words), reading="", **options)  # type: ignore[arg-type]


def names(searcher: Searcher, docs: tuple[int, ...]) -> list[str]:
    return [searcher.stored(doc)["id"] for doc in docs]
