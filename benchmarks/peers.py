"""The engines that ``benchmarks.speed`` compares, each given the same terms and asked for the same work.

The work of a query: ten best hits, the exact total, counts by ministry, language and year, and of each hit
its title and a passage with the matches marked.
"""

import shutil
import sqlite3
import time
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Protocol

from whoosh import columns, fields, query, sorting
from whoosh.analysis import SpaceSeparatedTokenizer
from whoosh.highlight import ContextFragmenter, HtmlFormatter, highlight
from whoosh.index import create_in as create_stock
from whoosh.index import open_dir as open_stock

from benchmarks.corpus import Analysed
from index.analysis import Forms
from index.columnar.searcher import Searcher
from index.columnar.words import Part
from index.columnar.writing import create_in
from index.columnar.writing import open_dir as open_arrays
from index.engine import All, Clause, Phrase, Query, Word

FIELDS = ("lemma", "stem", "exact", "fold")
SEARCHED = {"lemma": 1.0, "stem": 0.5, "exact": 0.1}
PASSAGE_CHARS = 200


@dataclass(frozen=True, slots=True)
class Asked:
    """A query of the benchmark: all the words, or the words as a phrase."""

    kind: str
    words: tuple[Forms, ...]

    @property
    def is_phrase(self) -> bool:
        """Whether the words must stand together."""
        return self.kind == "phrase"


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back; the bits that show that the work was done."""

    total: int
    hits: int
    facets: int
    passages: int


class Peer(Protocol):
    """An engine under test."""

    name: str

    def build(self, folder: Path, releases: Iterable[Analysed]) -> float:
        """Index the releases in *folder*; return the seconds it took, without making the releases."""

    def open(self, folder: Path) -> None:
        """Open the index for searching."""

    def search(self, asked: Asked) -> Answer:
        """Do the work of one query."""


def joined(release: Analysed, field: str) -> str:
    """Return the terms of a field as words of one text, for engines that tokenise themselves."""
    words = (*release.title_tokens.forms, *release.lead_tokens.forms, *release.body_tokens.forms)
    return " ".join(term for forms in words for term in getattr(forms, field))


class Watch:
    """Adds up the time between ``start`` and ``stop``."""

    def __init__(self) -> None:
        self.seconds = 0.0
        self._since = 0.0

    def __enter__(self) -> "Watch":
        self._since = time.perf_counter()
        return self

    def __exit__(self, *_: object) -> None:
        self.seconds += time.perf_counter() - self._since


# --- Ours ----------------------------------------------------------------------------------------

OURS = fields.Schema(
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
    """Array segments and the vectorised searcher."""

    name = "ours"

    def build(self, folder: Path, releases: Iterable[Analysed]) -> float:
        """Index the releases."""
        writer, watch = create_in(folder, OURS).writer(), Watch()
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
        self._searcher = Searcher(open_arrays(folder, OURS))

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


# --- Stock Whoosh --------------------------------------------------------------------------------


class StockWhoosh:
    """Whoosh with its own codec, configured as its measured best (uncompound, searcher per process)."""

    name = "whoosh"

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

    def build(self, folder: Path, releases: Iterable[Analysed]) -> float:
        """Index the releases."""
        writer, watch = create_stock(str(folder), self._schema).writer(compound=False, limitmb=256), Watch()
        for one in releases:
            with watch:
                writer.add_document(
                    id=one.id,
                    title=one.title,
                    body=one.body,
                    ministry=one.ministry,
                    language=one.language,
                    year=date.fromordinal(one.published).year,
                    **{name: joined(one, name) for name in FIELDS},
                )
        with watch:
            writer.commit()
        return watch.seconds

    def open(self, folder: Path) -> None:
        """Open the index."""
        self._searcher = open_stock(str(folder)).searcher()

    def search(self, asked: Asked) -> Answer:
        """Do the work of one query."""
        groups = [
            query.Or([query.Term(f, t, boost=w) for f, w in SEARCHED.items() for t in getattr(forms, f)])
            for forms in asked.words
        ]
        wanted: query.Query = query.And(groups) if len(groups) > 1 else groups[0]
        if asked.is_phrase:
            wanted = query.Or([query.Phrase(f, [getattr(w, f)[0] for w in asked.words]) for f in SEARCHED])
        found = self._searcher.search(
            wanted, limit=10, groupedby=[_counted(f) for f in ("ministry", "language", "year")], terms=False
        )
        terms = frozenset(term for word in asked.words for term in word.exact)
        passages = 0
        for hit in found:
            shown = highlight(
                hit["body"], terms, SpaceSeparatedTokenizer(), ContextFragmenter(), HtmlFormatter(), top=1
            )
            passages += bool(hit["title"]) and shown is not None
        return Answer(len(found), len(list(found)), len(list(found.facet_names())), passages)


def _counted(field: str) -> sorting.FacetType:
    return sorting.FieldFacet(field, maptype=sorting.Count)


# --- SQLite FTS5 ---------------------------------------------------------------------------------


class SqliteFts5:
    """A full-text table of the four fields and a plain table of the rest."""

    name = "fts5"

    def build(self, folder: Path, releases: Iterable[Analysed]) -> float:
        """Index the releases."""
        base, watch = sqlite3.connect(folder / "fts5.sqlite3"), Watch()
        base.executescript(
            "PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF;"
            "CREATE VIRTUAL TABLE text USING fts5(lemma, stem, exact, fold, content='', tokenize='ascii');"
            "CREATE TABLE release(number INTEGER PRIMARY KEY, id, title, body, ministry, language, year)"
        )
        for one in releases:
            with watch:
                terms = [joined(one, name) for name in FIELDS]
                base.execute(
                    "INSERT INTO text(rowid, lemma, stem, exact, fold) VALUES(?,?,?,?,?)",
                    (one.number, *terms),
                )
                year = date.fromordinal(one.published).year
                base.execute(
                    "INSERT INTO release VALUES(?,?,?,?,?,?,?)",
                    (one.number, one.id, one.title, one.body, one.ministry, one.language, year),
                )
        with watch:
            base.commit()
            base.execute("INSERT INTO text(text) VALUES('optimize')")
            base.commit()
        base.close()
        return watch.seconds

    def open(self, folder: Path) -> None:
        """Open the index."""
        self._base = sqlite3.connect(folder / "fts5.sqlite3")

    def search(self, asked: Asked) -> Answer:
        """Do the work of one query."""
        if asked.is_phrase:
            match = " OR ".join(
                f'{f} : "{" ".join(getattr(word, f)[0] for word in asked.words)}"' for f in SEARCHED
            )
        else:
            groups = [
                " OR ".join(f'{f} : "{t}"' for f in SEARCHED for t in getattr(w, f)) for w in asked.words
            ]
            match = " AND ".join(f"({group})" for group in groups)
        run = self._base.execute
        hits = run(
            "SELECT rowid FROM text WHERE text MATCH ? ORDER BY bm25(text, 1, .5, .1, 0) LIMIT 10", (match,)
        ).fetchall()
        facets = total = 0
        for field in ("ministry", "language", "year"):
            rows = run(
                f"SELECT {field}, count(*) FROM text JOIN release ON number = text.rowid"
                " WHERE text MATCH ? GROUP BY 1",
                (match,),
            ).fetchall()
            facets += bool(rows)
            total = sum(count for _, count in rows)
        passages = 0
        for (number,) in hits:
            title, body = run("SELECT title, body FROM release WHERE number = ?", (number,)).fetchone()
            passages += bool(title) and bool(_around(body, asked.words[0].exact[0]))
        return Answer(total, len(hits), facets, passages)


def _around(text: str, term: str) -> str:
    at = max(0, text.find(term) - 30)
    return text[at : at + PASSAGE_CHARS]


# --- tantivy -------------------------------------------------------------------------------------


class Tantivy:
    """The Rust library, one indexing thread, merged to one segment as ours is."""

    name = "tantivy"

    def __init__(self) -> None:
        import tantivy  # noqa: PLC0415 - an optional peer

        self._tantivy = tantivy
        builder = tantivy.SchemaBuilder()
        for name in FIELDS:
            builder.add_text_field(name, stored=False, tokenizer_name="whitespace", index_option="position")
        builder.add_text_field("id", stored=True, tokenizer_name="raw", index_option="basic")
        builder.add_text_field("title", stored=True, tokenizer_name="whitespace", index_option="basic")
        builder.add_text_field("body", stored=True, tokenizer_name="whitespace", index_option="basic")
        for name in ("ministry", "language"):
            builder.add_text_field(name, stored=False, fast=True, tokenizer_name="raw", index_option="basic")
        builder.add_unsigned_field("year", fast=True)
        builder.add_unsigned_field("published", fast=True)
        self._schema = builder.build()
        self._facets = {
            name: {"terms": {"field": name, "size": 100}} for name in ("ministry", "language", "year")
        }

    def build(self, folder: Path, releases: Iterable[Analysed]) -> float:
        """Index the releases."""
        made, watch = self._tantivy.Index(self._schema, path=str(folder)), Watch()
        writer = made.writer(heap_size=256_000_000, num_threads=1)
        for one in releases:
            with watch:
                document = self._tantivy.Document()
                for name in FIELDS:
                    document.add_text(name, joined(one, name))
                document.add_text("id", one.id)
                document.add_text("title", one.title)
                document.add_text("body", one.body)
                document.add_text("ministry", one.ministry)
                document.add_text("language", one.language)
                document.add_unsigned("year", date.fromordinal(one.published).year)
                document.add_unsigned("published", one.published)
                writer.add_document(document)
        with watch:
            writer.commit()
            writer.wait_merging_threads()
        return watch.seconds

    def open(self, folder: Path) -> None:
        """Open the index."""
        self._index = self._tantivy.Index.open(str(folder))
        self._searcher = self._index.searcher()

    def search(self, asked: Asked) -> Answer:
        """Do the work of one query."""
        wanted = self._query(asked)
        found = self._searcher.search(wanted, limit=10, count=True)
        counts = self._searcher.aggregate(wanted, self._facets)
        make = self._tantivy.SnippetGenerator.create(self._searcher, self._shown(asked), self._schema, "body")
        passages = 0
        for _, address in found.hits:
            document = self._searcher.doc(address)
            passages += make.snippet_from_doc(document).fragment() is not None and bool(document["title"])
        return Answer(found.count, len(found.hits), len(counts), passages)

    def _query(self, asked: Asked) -> object:
        make, occur, schema = self._tantivy.Query, self._tantivy.Occur, self._schema
        if asked.is_phrase:
            return make.boolean_query(
                [
                    (occur.Should, make.phrase_query(schema, f, [getattr(w, f)[0] for w in asked.words]))
                    for f in SEARCHED
                ]
            )
        groups = []
        for forms in asked.words:
            terms = [
                (occur.Should, make.boost_query(make.term_query(schema, field, term, "freq"), weight))
                for field, weight in SEARCHED.items()
                for term in getattr(forms, field)
            ]
            groups.append((occur.Must, make.boolean_query(terms)))
        return make.boolean_query(groups)

    def _shown(self, asked: Asked) -> object:
        make, occur = self._tantivy.Query, self._tantivy.Occur
        terms = [
            make.term_query(self._schema, "body", term, "basic") for w in asked.words for term in w.exact
        ]
        return make.boolean_query([(occur.Should, term) for term in terms])


def peers(names: Sequence[str]) -> list[Peer]:
    """Return the peers that are asked for and installed."""
    made: list[Peer] = []
    for one in (Columnar, StockWhoosh, SqliteFts5, Tantivy):
        if one.name in names:
            with suppress(ImportError):
                made.append(one())
    return made


def fresh(folder: Path) -> Path:
    """Return an empty folder."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    return folder
