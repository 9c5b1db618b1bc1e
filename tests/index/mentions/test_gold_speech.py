"""Speakers in the gold set of verbs of speech, with floors below what the rules reached when written."""

import gzip
from collections.abc import Iterator

import pytest

from index.analysis import default_analyzer
from index.mentions.annotated_text import AnnotatedText
from index.mentions.people.persons import read_people
from index.mentions.speech.statements import find_statements
from tests.index.mentions.gold_names import FOLDER

SPEAKERS = {"Speaker", "Communicator", "Informer"}


def sentences() -> Iterator[tuple[str, list[list[str]]]]:
    """Yield each verb with the words of its sentence."""
    with gzip.open(FOLDER / "speech-frames.tsv.gz", "rt", encoding="utf-8") as lines:
        for block in lines.read().split("\n\n"):
            verb, *rows = block.strip().split("\n")
            if rows:
                yield verb.removeprefix("# verb "), [row.split("\t") for row in rows]


def written(rows: list[list[str]]) -> tuple[str, list[int]]:
    """Return the sentence as it was written, and where each word begins."""
    text, starts, is_open = "", list[int](), False
    for row in rows:
        word = row[1]
        joined = (
            not text or word in {*",.!?:;)”»", "..."} or text[-1] in "(„«" or (text[-1] == '"' and is_open)
        )
        if word == '"':
            joined, is_open = joined or is_open, not is_open
        text += word if joined else f" {word}"
        starts.append(len(text) - len(word))
    return text, starts


def named_speakers(rows: list[list[str]], starts: list[int]) -> set[int]:
    """Return where the speakers with a given name, or initials, and a surname begin."""
    heads_of_names = {row[6] for row in rows if row[7] in ("flat:name", "flat")}
    return {
        start
        for row, start in zip(rows, starts, strict=True)
        if SPEAKERS.intersection(row[11:])
        and row[0] in heads_of_names
        and (row[3] == "PROPN" or row[1].endswith("."))
    }


@pytest.mark.skipif(not FOLDER.exists(), reason=f"no gold set at {FOLDER}")
def test_named_speakers_of_the_gold_set_are_found() -> None:
    found = right = speakers = 0
    for verb, rows in sentences():
        text, starts = written(rows)
        annotated = AnnotatedText(text, "lv", default_analyzer())
        people = read_people(annotated)
        first = {place.name: place.start for place in reversed(people.places)}
        said = {
            first[statement.speaker]
            for statement in find_statements(annotated, people)
            if statement.speaker and statement.verb == verb
        }
        gold = named_speakers(rows, starts)
        found, right, speakers = found + len(said), right + len(said & gold), speakers + len(gold)
    assert right / found >= 0.97
    assert right / speakers >= 0.85
