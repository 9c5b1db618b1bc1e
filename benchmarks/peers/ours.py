"""Our searcher on array segments, and the whole engine around it."""

from collections.abc import Iterable, Mapping
from datetime import date
from pathlib import Path

from benchmarks.corpus import CorpusRelease
from benchmarks.peers.engine import PASSAGE_CHARS, Answer, PeerQuery, Stopwatch, batches
from index.analysis import Analyzer, Forms, QueryForms, TokenColumns
from index.codec import create_in, open_dir
from index.codec.index_writer import OnNewSegment
from index.engines.whoosh.engine import WhooshEngine
from index.engines.whoosh.schema import schema
from index.indexing import Document
from index.layout import LAYOUT, Stream
from index.query import AllOf, Clause, Phrase, Query, Word
from index.search import Searcher
from index.segment.postings import EXTENSION as POSTINGS
from index.suggest import suggester_data
from index.writer import DocumentPart


class OurSearcher:
    """The product's searcher, limited to the work that the peers do."""

    name = "ours"
    threads = (1, 2)
    options: Mapping[str, OnNewSegment] = {}
    """Options of the index writer; the peers have no suggester data."""

    def build(self, folder: Path, releases: Iterable[CorpusRelease], commit_every: int) -> float:
        """Index the releases as `reindex` does, without its analysis."""
        index, stopwatch = create_in(folder, schema()), Stopwatch()
        for batch in batches(releases, commit_every):
            with stopwatch:
                writer = index.writer(**self.options)
            for release in batch:
                with stopwatch:
                    writer.add_analysed(_stream(release), **_document(release).fields())
            with stopwatch:
                writer.commit()
        return stopwatch.seconds

    def open(self, folder: Path) -> int:
        """Open the index."""
        self._searcher = Searcher(open_dir(folder, schema()))
        return len(self._searcher.reader.segments)

    def search(self, peer_query: PeerQuery) -> Answer:
        """Answer one query."""
        clause = _clause(peer_query)
        # The peers do not collapse clusters.
        top = self._searcher.search(Query(text="", clause=clause, reading=""), collapse=False)
        passages = 0
        for doc, marks in zip(top.docs, self._searcher.match_offsets(clause, top.docs), strict=True):
            fields = self._searcher.stored(doc)["shown"]
            body = [mark for mark in marks if mark.part == "body"] or list(marks[:1])
            start = max(0, body[0].start - 30)
            passage = fields["body"][start : start + PASSAGE_CHARS]
            spans = [(m.start - start, m.end - start) for m in body if m.end <= start + PASSAGE_CHARS]
            passages += bool(passage and spans is not None and fields["title"])
        return Answer(top.total, len(top.docs), len(top.facets), passages)


class OurEngine(OurSearcher):
    """The product's engine, including everything it does beyond the peers' work.

    Its index has the suggester data. It boosts adjacent words and recent releases, collapses near-duplicates,
    shows up to three passages of whole sentences, and adds partial matches if there are few hits.
    """

    name = "ours-whole"
    options: Mapping[str, OnNewSegment] = {"on_new_segment": suggester_data.write}

    def open(self, folder: Path) -> int:
        """Open the index."""
        self._analyzer = _GivenForms()
        self._engine = WhooshEngine(folder, self._analyzer)
        return sum(path.suffix == POSTINGS for path in self._engine.files)

    def search(self, peer_query: PeerQuery) -> Answer:
        """Answer one query with all the work of our engine."""
        self._analyzer.given |= {forms.exact[0]: forms for forms in peer_query.words}
        results = self._engine.search(Query(text="", clause=_clause(peer_query), reading=""))
        passages = sum(bool(hit.title.text and hit.passages) for hit in results.hits)
        return Answer(results.total, len(results.hits), len(results.facets), passages)


class _GivenForms(Analyzer):
    """Knows the forms of the words of queries, which the peers are given, too.

    In the product, the parser of a query has looked them up, and the analyzer keeps them.
    """

    def __init__(self) -> None:
        super().__init__()
        self.given: dict[str, Forms] = {}

    def query_forms(self, word: str) -> QueryForms:
        """Return the forms of a word of a query."""
        lemma, stem, exact, fold = self.given[word].terms
        return QueryForms(lemma=lemma, stem=stem, exact=exact, fold=fold, is_known=False)


def _stream(release: CorpusRelease) -> list[DocumentPart]:
    parts: tuple[tuple[Stream, TokenColumns], ...] = (
        ("title", release.title_tokens),
        ("lead", release.lead_tokens),
        ("body", release.body_tokens),
    )
    return [DocumentPart(LAYOUT[name].base, LAYOUT[name].weight, tokens) for name, tokens in parts]


def _document(release: CorpusRelease) -> Document:
    return Document(
        id=release.id,
        url=f"https://www.{release.ministry}.gov.lv/lv/jaunums/{release.id}",
        site=release.ministry,
        ministry=release.ministry,
        language=release.language,
        published=date.fromordinal(release.published),
        cluster=release.cluster,
        gone=False,
        edited=False,
        title=release.title,
        lead=release.lead,
        body=release.body,
        attachment="",
    )


def _clause(peer_query: PeerQuery) -> Clause:
    # The peers match stems, so these words do, too; those of the whole engine are settled, and do not.
    words = tuple(
        Word(text=f.exact[0], lemma=f.lemma, stem=f.stem, exact=f.exact, stem_matches=True)
        for f in peer_query.words
    )
    if peer_query.is_phrase:
        return Phrase(words=words)
    return words[0] if len(words) == 1 else AllOf(words)
