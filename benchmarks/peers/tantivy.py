"""Tantivy, the Rust library that comes nearest to Lucene."""

from collections.abc import Iterable
from pathlib import Path

from benchmarks.corpus import Analysed
from benchmarks.peers.engine import (
    COUNTED,
    FIELDS,
    SEARCHED,
    AbsentError,
    Answer,
    Asked,
    Watch,
    joined,
    year_of,
)


class Tantivy:
    """Tantivy with one indexing thread, which ends its merges before the clock stops."""

    name = "tantivy"

    threads = (1, 2)

    def __init__(self) -> None:
        try:
            import tantivy  # noqa: PLC0415 - an optional peer
        except ImportError as error:
            raise AbsentError("no package tantivy") from error
        self._tantivy = tantivy
        builder = tantivy.SchemaBuilder()
        for name in FIELDS:
            builder.add_text_field(name, stored=False, tokenizer_name="whitespace", index_option="position")
        builder.add_text_field("id", stored=True, tokenizer_name="raw", index_option="basic")
        builder.add_text_field("title", stored=True, tokenizer_name="whitespace", index_option="basic")
        builder.add_text_field("body", stored=True, tokenizer_name="default", index_option="basic")
        for name in ("ministry", "language"):
            builder.add_text_field(name, stored=False, fast=True, tokenizer_name="raw", index_option="basic")
        builder.add_unsigned_field("year", fast=True)
        builder.add_unsigned_field("published", fast=True)
        self._schema = builder.build()
        self._facets = {name: {"terms": {"field": name, "size": 100}} for name in COUNTED}

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
                document.add_unsigned("year", year_of(one))
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
