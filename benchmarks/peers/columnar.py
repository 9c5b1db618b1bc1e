"""Ours: array segments and the vectorised searcher."""

from collections.abc import Iterable
from pathlib import Path

from whoosh import columns, fields

from benchmarks.corpus import Analysed
from benchmarks.peers.engine import PASSAGE_CHARS, Answer, Asked, Watch
from index.columnar.searcher import Searcher
from index.columnar.words import Part
from index.columnar.writing import create_in, open_dir
from index.engine import All, Clause, Phrase, Query, Word

SCHEMA = fields.Schema(
    id=fields.ID(unique=True, stored=True, sortable=True),
    title=fields.STORED,
    lead=fields.STORED,
    body=fields.STORED,
    lemma=fields.TEXT,
    stem=fields.TEXT,
    exact=fields.TEXT,
    fold=fields.TEXT,
    published=fields.COLUMN(columns.NumericColumn("i")),
    ministry=fields.COLUMN(columns.RefBytesColumn()),
    language=fields.COLUMN(columns.RefBytesColumn()),
    cluster=fields.COLUMN(columns.VarBytesColumn()),
)


class Columnar:
    """The engine that the product uses, without its analysis."""

    name = "ours"
    threads = (1, 2)

    def build(self, folder: Path, releases: Iterable[Analysed]) -> float:
        """Index the releases."""
        writer, watch = create_in(folder, SCHEMA).writer(), Watch()
        for one in releases:
            with watch:
                writer.add_analysed(
                    [
                        Part(0, 4, one.title_tokens),
                        Part(1_000, 2, one.lead_tokens),
                        Part(3_000, 1, one.body_tokens),
                    ],
                    id=one.id,
                    title=one.title,
                    lead=one.lead,
                    body=one.body,
                    published=one.published,
                    ministry=one.ministry.encode(),
                    language=one.language.encode(),
                    cluster=one.cluster.encode(),
                )
        with watch:
            writer.commit()
        return watch.seconds

    def open(self, folder: Path) -> None:
        """Open the index."""
        self._searcher = Searcher(open_dir(folder, SCHEMA))

    def search(self, asked: Asked) -> Answer:
        """Do the work of one query."""
        clause = _clause(asked)
        # The peers show every release of a cluster.
        found = self._searcher.search(Query(text="", clause=clause, reading=""), collapse=False)
        passages = 0
        for doc, marks in zip(found.docs, self._searcher.marks(clause, found.docs), strict=True):
            stored = self._searcher.stored(doc)
            body = [mark for mark in marks if mark.part == "body"] or list(marks[:1])
            start = max(0, body[0].start - 30)
            passage = stored["body"][start : start + PASSAGE_CHARS]
            inside = [(m.start - start, m.end - start) for m in body if m.end <= start + PASSAGE_CHARS]
            passages += bool(passage and inside is not None and stored["title"])
        return Answer(found.total, len(found.docs), len(found.facets), passages)


def _clause(asked: Asked) -> Clause:
    words = tuple(Word(text=f.exact[0], lemma=f.lemma, stem=f.stem, exact=f.exact) for f in asked.words)
    if asked.is_phrase:
        return Phrase(words=words)
    return words[0] if len(words) == 1 else All(words)
