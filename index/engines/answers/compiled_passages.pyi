"""What Python sees of the compiled choice of passages: two functions of `passages`."""

from collections.abc import Iterable, Mapping, Sequence

from index.results import Passage
from index.search.match_offsets import MatchOffset

def mark_title(text: str, marks: Iterable[MatchOffset]) -> Passage:
    """Return the title with those of *marks* that are in it; *marks* are in reading order."""

def choose_passages(texts: Mapping[str, str], marks: Sequence[MatchOffset]) -> tuple[Passage, ...]:
    """Return up to three passages of *texts* (by part), best first; without matches, how the text begins."""
