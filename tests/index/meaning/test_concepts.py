from pathlib import Path

import pytest

from crawler.config import ConfigError
from index.meaning.concepts import CONCEPTS, ConceptTerm, read_concepts


def test_a_line_is_a_concept_with_a_column_per_language(tmp_path: Path) -> None:
    path = tmp_path / "concepts.txt"
    path.write_text("# robeža\n\nbēglis, patvēruma meklētājs | refugee |\n", encoding="utf-8")
    assert read_concepts(path) == (
        (
            ConceptTerm("bēglis", "lv"),
            ConceptTerm("patvēruma meklētājs", "lv"),
            ConceptTerm("refugee", "en"),
        ),
    )


def test_a_plus_marks_a_weak_term(tmp_path: Path) -> None:
    path = tmp_path / "concepts.txt"
    path.write_text("mītne, + izmitināšana, +", encoding="utf-8")
    assert read_concepts(path) == (
        (ConceptTerm("mītne", "lv"), ConceptTerm("izmitināšana", "lv", is_weak=True)),
    )


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("bēglis", "concepts.txt:1: a concept needs two terms or more, separated by commas"),
        (" , | | ", "concepts.txt:1: a concept needs two terms or more, separated by commas"),
        ("a | b | c | d", "concepts.txt:1: 4 columns instead of at most 3"),
    ],
)
def test_a_bad_line_is_named(tmp_path: Path, line: str, message: str) -> None:
    path = tmp_path / "concepts.txt"
    path.write_text(line, encoding="utf-8")
    with pytest.raises(ConfigError, match=message):
        read_concepts(path)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"none\.txt"):
        read_concepts(tmp_path / "none.txt")


def test_no_concept_that_we_ship_names_a_term_twice() -> None:
    repeated = [
        term.text for concept in read_concepts(CONCEPTS) for term in concept if concept.count(term) > 1
    ]
    assert repeated == []
