"""The paragraphs of the gold set of names, which is not shipped: `../shared` beside the repository."""

import gzip
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

FOLDER = Path(__file__).parents[4] / "shared" / "data" / "latvian" / "fullstack-dev"


class GoldSentence(NamedTuple):
    """A sentence with the places of its full names of people."""

    text: str
    names: frozenset[tuple[int, int]]
    nominatives: dict[tuple[int, int], str]


def gold_sentences() -> Iterator[GoldSentence]:
    """Yield the sentences of the gold set."""
    text, rows = "", list[list[str]]()
    with gzip.open(FOLDER / "named-entities.tsv.gz", "rt", encoding="utf-8") as lines:
        for line in lines:
            if line.startswith("# text = "):
                text, rows = line[9:].rstrip("\n"), []
            elif line.strip() and not line.startswith("#"):
                rows.append(line.rstrip("\n").split("\t"))
            elif rows:
                yield _sentence(text, rows)
                rows = []
    if rows:
        yield _sentence(text, rows)


def _sentence(text: str, rows: list[list[str]]) -> GoldSentence:
    places: list[tuple[int, int]] = []
    following = 0
    for row in rows:
        start = max(text.find(row[1], following), following)
        following = start + len(row[1])
        places.append((start, following))
    nominatives = {
        (places[first][0], places[last][1]): " ".join(row[2] for row in rows[first : last + 1])
        for column in (5, 6)
        for first, last in _runs([row[column] for row in rows])
        if last > first and all(map(_is_name, (row[1] for row in rows[first : last + 1])))
    }
    return GoldSentence(text, frozenset(nominatives), nominatives)


def _runs(tags: list[str]) -> Iterator[tuple[int, int]]:
    for first, tag in enumerate(tags):
        if tag == "B-person":
            last = first
            while last + 1 < len(tags) and tags[last + 1] == "I-person":
                last += 1
            yield first, last


def _is_name(word: str) -> bool:
    return (word[:1].isupper() and not word.endswith(".")) or word in ("de", "di", "da", "fon", "van", "der")
