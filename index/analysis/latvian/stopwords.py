"""Stop words: dropped from queries unless quoted or alone; they are compared with their diacritics."""

from functools import cache
from pathlib import Path

_FOLDER = Path(__file__).parent / "data"
FILES = (_FOLDER / "stopwords-lv.txt", _FOLDER / "stopwords-queries.txt")


@cache
def stop_words() -> frozenset[str]:
    """Return the function words of Latvian and the words that begin questions.

    >>> "virs" in stop_words(), "vīrs" in stop_words()
    (True, False)
    """
    lines = (line for path in FILES for line in path.read_text("utf-8").splitlines())
    return frozenset(word for line in lines for word in line.partition("#")[0].split())
