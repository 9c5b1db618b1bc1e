"""Queries in other scripts and spellings, as people type them, over the sample releases."""

import csv
from collections.abc import Iterator
from datetime import date
from functools import lru_cache
from pathlib import Path

import pytest

from benchmarks.relevance import SampleCorpus
from index.analysis import Analyzer
from index.analysis.latvian.letters import fold
from index.engines.whoosh.engine import WhooshEngine
from index.meaning import CONCEPTS, RelatedWords
from index.query import Query, parse
from index.suggest import Suggestion, correct_unmatched

JUDGED = Path(__file__).parents[3] / "judged" / "readings.tsv"
DAY = date(2026, 11, 1)


class Asker:
    """Reads and searches queries over the sample releases in *folder*."""

    def __init__(self, folder: Path) -> None:
        self.analyzer = Analyzer()
        self.related = RelatedWords(self.analyzer, CONCEPTS)
        self.engine: WhooshEngine = SampleCorpus(folder).engine("ours", self.analyzer)

    def read(self, text: str) -> Suggestion | None:
        return correct_unmatched(text, self.engine.suggester(), lru_cache(self.count), self.is_word)

    def first(self, text: str) -> str:
        """Return the id of the first hit; "" if there is none."""
        results = self.engine.search(self.related.expand(self.parse(text)))
        return next((hit.id for hit in (*results.hits, *results.nearest)), "")

    def count(self, text: str) -> int:
        return self.engine.count(self.parse(text))

    def is_word(self, word: str) -> bool:
        return self.analyzer.is_in_dictionary(word) or self.related.has(word)

    def parse(self, text: str) -> Query:
        return parse(text, analyzer=self.analyzer, today=DAY, per_page=10)


def rows() -> Iterator[tuple[str, str, list[str]]]:
    with JUDGED.open(encoding="utf-8") as lines:
        judged = (line for line in lines if not line.startswith("#"))
        for kind, typed, reading in [*csv.reader(judged, delimiter="\t", quoting=csv.QUOTE_NONE)][1:]:
            yield kind, typed, reading.split("|")


ROWS = list(rows())


@pytest.fixture(scope="module")
def asker(tmp_path_factory: pytest.TempPathFactory) -> Asker:
    return Asker(tmp_path_factory.mktemp("readings"))


@pytest.mark.parametrize(
    ("typed", "readings"), [(typed, readings) for kind, typed, readings in ROWS if kind != "none"]
)
def test_another_script_or_spelling_is_read_as_it_is_meant(
    asker: Asker, typed: str, readings: list[str]
) -> None:
    read = asker.read(typed)
    text = read.text if read else typed
    is_as_meant = fold(text.lower()) in {fold(reading.lower()) for reading in readings}
    assert is_as_meant or (asker.first(text) and asker.first(text) == asker.first(readings[0]))


@pytest.mark.parametrize("typed", [typed for kind, typed, _ in ROWS if kind == "none"])
def test_other_words_are_not_read_otherwise(asker: Asker, typed: str) -> None:
    read = asker.read(typed)
    assert read is None or read.reading is None


@pytest.mark.parametrize(
    ("typed", "kind", "changed"),
    [
        ("minimalnaja zarplata", "script", {"minimalnaja": "минимальная", "zarplata": "зарплата"}),
        ("Рубенькалнса", "script", {"Рубенькалнса": "Rubeņkalns"}),
        ("Rihgas pils", "spelling", {"Rihgas": "Rīgas"}),
        ("railbaltica stacija", "spacing", {"railbaltica": "rail baltica"}),
        ("e veselība", "spacing", {"e veselība": "e-veselība"}),
    ],
)
def test_a_reading_says_what_it_changed(asker: Asker, typed: str, kind: str, changed: dict[str, str]) -> None:
    read = asker.read(typed)
    assert read is not None
    assert (read.reading, dict(read.changed), read.is_sure) == (kind, changed, True)


@pytest.mark.parametrize(
    "typed",
    [
        "minimālā alga",
        "zarplata zxqwv",  # a word that is in no script
        '"rail baltica"',
        "e-veselība",
        "valsts policija",
        "virsraksts:railbaltica",
        "-railbaltica alga",
        "robeža NE likumīgi",
        "Latvija NE atkarība",
        "zarplata NOT minimalnaja",
        "minimalnaja NE zarplata",
        "-robeža likumīgi",
        "zabor VAI granica",
        "darba spēks",  # both words have more hits than the one
        "x" * 5_000,
        "zabor " * 40,
    ],
)
def test_what_matches_or_is_no_plain_text_is_not_read_otherwise(asker: Asker, typed: str) -> None:
    read = asker.read(typed)
    assert read is None or read.reading is None


def test_table_has_twelve_rows_of_each_kind() -> None:
    kinds = [kind for kind, _, _ in ROWS]
    assert {kind: kinds.count(kind) for kind in kinds} == {
        **dict.fromkeys(("latin", "cyrillic", "old", "joined", "split"), 12),
        "none": 8,
    }


@pytest.mark.parametrize("typed", ["Каринш", "Петерс", "Каринш премьер"])
def test_a_name_with_another_ending_is_not_searched_at_once(asker: Asker, typed: str) -> None:
    read = asker.read(typed)
    assert read is None or not read.is_sure


@pytest.mark.parametrize("typed", ["Karinsh", "Ahbolsh"])
def test_no_word_is_made_that_is_nowhere(asker: Asker, typed: str) -> None:
    read = asker.read(typed)
    assert read is None or all(asker.is_word(word.lower()) or asker.count(word) for word in read.text.split())
