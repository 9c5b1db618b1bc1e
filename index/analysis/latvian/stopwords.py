"""Stop words: dropped from queries unless quoted or alone; they are compared with their diacritics."""

from functools import cache
from pathlib import Path

_FILES = ("stopwords-lv.txt", "stopwords-queries.txt")


@cache
def stop_words() -> frozenset[str]:
    """Return the function words of Latvian and the words that begin questions.

    >>> "virs" in stop_words(), "vīrs" in stop_words()
    (True, False)
    """
    folder = Path(__file__).parent / "data"
    lines = (line for name in _FILES for line in (folder / name).read_text("utf-8").splitlines())
    return frozenset(word for line in lines for word in line.partition("#")[0].split())
