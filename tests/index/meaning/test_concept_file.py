"""The kept terms of concepts: those that are looked up, or none."""

import os
from pathlib import Path

import pytest

from benchmarks.lucene import OneTermAnalyzer, stem
from index.analysis import Analyzer
from index.meaning import concept_file
from index.meaning.concept_file import ConceptFile, keep_terms, open_concepts

CONCEPTS = "slimība, kaite, +sērga | disease |\nnelietot, atturēties | abstain | воздержаться\n"


@pytest.fixture
def kept(tmp_path: Path) -> Path:
    return tmp_path / "kept"


@pytest.fixture
def file(analyzer: Analyzer, tmp_path: Path, kept: Path) -> ConceptFile:
    path = tmp_path / "concepts.txt"
    path.write_text(CONCEPTS, encoding="utf-8")
    return ConceptFile.at(path, analyzer, kept)


def test_kept_terms_are_those_that_are_looked_up(file: ConceptFile, kept: Path) -> None:
    looked_up = open_concepts(file)
    keep_terms(file)
    open_concepts.cache_clear()
    assert concept_file._read(file) is not None
    kept_index = open_concepts(file)
    assert (kept_index.names, kept_index.terms) == (looked_up.names, looked_up.terms)
    assert looked_up.names == ("slimība", "nelietot")
    assert [path.name for path in kept.parent.glob("kept*")] == ["kept"]


def test_terms_that_are_kept_are_not_written_again(file: ConceptFile, kept: Path) -> None:
    keep_terms(file)
    os.utime(kept, ns=(1, 1))
    keep_terms(file)
    assert kept.stat().st_mtime_ns == 1


def test_terms_of_another_analysis_or_other_concepts_are_not_taken(file: ConceptFile, kept: Path) -> None:
    keep_terms(file)
    assert concept_file._read(ConceptFile.at(file.path, OneTermAnalyzer(stem), kept)) is None
    file.path.write_text(CONCEPTS.replace("kaite", "liga"), encoding="utf-8")
    assert concept_file._read(ConceptFile.at(file.path, file.analyzer, kept)) is None
    keep_terms(ConceptFile.at(file.path, file.analyzer, kept))
    assert concept_file._read(ConceptFile.at(file.path, file.analyzer, kept)) is not None


@pytest.mark.parametrize("content", [b"", b"\x00" * 100, None, b"\x92"])
def test_a_file_that_cannot_be_read_costs_only_time(
    file: ConceptFile, kept: Path, content: bytes | None
) -> None:
    keep_terms(file)
    kept.write_bytes(kept.read_bytes()[:-1] if content is None else content)
    open_concepts.cache_clear()
    assert len(open_concepts(file).terms) == 2
    keep_terms(file)
    assert concept_file._read(file) is not None
