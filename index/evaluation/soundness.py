"""Checks that an index is sound: it has every release, and finds the newest by their titles."""

from collections.abc import Iterator

from index.analysis import Analyzer
from index.engines import Generation
from index.query import AllOf, Everything, Query, Word
from index.results import Hit


def find_faults(
    generation: Generation, location: str, analyzer: Analyzer, *, releases: int | None = None
) -> Iterator[str]:
    """Yield a message for each fault of the index at *location*; it must hold *releases*, if given."""
    count = generation.info().documents
    if releases is not None and count != releases:
        yield f"{location}: holds {count} releases where the store has {releases}"
    newest = generation.search(Query(text="", clause=Everything(), reading="", sort="newest"))
    if count and not newest.hits:
        yield f"{location}: shows none of its releases"
    for hit in newest.hits:
        if not _is_found(hit, generation, analyzer):
            yield f"{location}: does not find {hit.id} by its title"


def _is_found(hit: Hit, generation: Generation, analyzer: Analyzer) -> bool:
    """Return whether a search for the words of the title finds anything."""
    tokens = analyzer.analyze(hit.title.text, hit.language)
    words = tuple(Word(text="", lemma=token.forms.lemma) for token in tokens if token.forms.lemma)
    return not words or generation.count(Query(text="", clause=AllOf(words), reading="")) > 0
