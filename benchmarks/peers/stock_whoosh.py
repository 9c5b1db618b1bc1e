"""Whoosh with its own codec, in its fastest configuration: no compound files, one searcher."""

from collections.abc import Iterable
from pathlib import Path

from whoosh import fields, query, sorting
from whoosh.analysis import SimpleAnalyzer, SpaceSeparatedTokenizer
from whoosh.highlight import ContextFragmenter, HtmlFormatter, highlight
from whoosh.index import create_in, open_dir

from benchmarks.corpus import CorpusRelease
from benchmarks.peers.engine import (
    COUNTED,
    FIELDS,
    SEARCHED,
    Answer,
    PeerQuery,
    Stopwatch,
    batches,
    join_terms,
    year_of,
)


class StockWhoosh:
    """Stock Whoosh; a searcher belongs to one thread."""

    name = "whoosh"
    threads = (1,)

    def __init__(self) -> None:
        text = {name: fields.TEXT(analyzer=SpaceSeparatedTokenizer()) for name in FIELDS}
        self._schema = fields.Schema(
            id=fields.ID(unique=True, stored=True),
            title=fields.STORED,
            body=fields.STORED,
            ministry=fields.ID(sortable=True),
            language=fields.ID(sortable=True),
            year=fields.NUMERIC(sortable=True),
            **text,
        )

    def build(self, folder: Path, releases: Iterable[CorpusRelease], commit_every: int) -> float:
        """Index the releases."""
        index, stopwatch = create_in(str(folder), self._schema), Stopwatch()
        for batch in batches(releases, commit_every):
            with stopwatch:
                writer = index.writer(compound=False, limitmb=256)
            for release in batch:
                with stopwatch:
                    writer.add_document(
                        id=release.id,
                        title=release.title,
                        body=release.body,
                        ministry=release.ministry,
                        language=release.language,
                        year=year_of(release),
                        **{name: join_terms(release, name) for name in FIELDS},
                    )
            with stopwatch:
                writer.commit()
        return stopwatch.seconds

    def open(self, folder: Path) -> int:
        """Open the index."""
        self._searcher = open_dir(str(folder)).searcher()
        return len(self._searcher.leaf_searchers())

    def search(self, peer_query: PeerQuery) -> Answer:
        """Answer one query."""
        groups = [
            query.Or([query.Term(f, t, boost=w) for f, w in SEARCHED.items() for t in getattr(forms, f)])
            for forms in peer_query.words
        ]
        tree: query.Query = query.And(groups) if len(groups) > 1 else groups[0]
        if peer_query.is_phrase:
            tree = query.Or([query.Phrase(f, [getattr(w, f)[0] for w in peer_query.words]) for f in SEARCHED])
        hits = self._searcher.search(
            tree, limit=10, groupedby=[_count_facet(field) for field in COUNTED], terms=False
        )
        terms = frozenset(term for word in peer_query.words for term in word.exact)
        passages = 0
        for hit in hits:
            snippet = highlight(
                hit["body"], terms, SimpleAnalyzer(), ContextFragmenter(), HtmlFormatter(), top=1
            )
            passages += bool(hit["title"]) and snippet is not None
        return Answer(len(hits), len(list(hits)), len(list(hits.facet_names())), passages)


def _count_facet(field: str) -> sorting.FacetType:
    return sorting.FieldFacet(field, maptype=sorting.Count)
