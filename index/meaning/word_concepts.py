"""The concepts of frequent words that no concept lists, distilled from a language model."""

from collections.abc import Iterator
from pathlib import Path

WORDS = Path(__file__).parent / "data" / "distilled" / "words.tsv"
"""Written by benchmarks/related_words.py; CC BY-SA 4.0, with its licence beside it."""


def read_words(path: Path = WORDS) -> Iterator[tuple[str, str]]:
    """Yield each lemma at *path* with the first term of the concept to which it is closest."""
    for line in path.read_text(encoding="utf-8").splitlines():
        if not line.startswith("#"):
            lemma, _, concept = line.partition("\t")
            yield lemma, concept
