"""The suggester data: a file beside each segment, written with it."""

from collections.abc import Iterable, Mapping, Sequence
from functools import partial
from typing import Any

import numpy as np

from index.analysis import Analyzer
from index.codec.codec import ArraySegment, open_arrays
from index.errors import DamagedError
from index.search import IndexReader
from index.search.segment_reader import SegmentReader
from index.segment import Array, ArrayFile, ArrayWriter, Postings
from index.segment.array_file import shrink
from index.segment.doc_values import DocValues
from index.segment.postings import EXTENSION as POSTINGS
from index.segment.postings import IndexedField
from index.segment.stored_fields import EXTENSION as DOCUMENTS
from index.suggest import phrase_index, title_index, word_index
from index.suggest.autocomplete import Completer, SegmentTitles
from index.suggest.base_form import BaseForms
from index.suggest.continuations import Continuations, FindDocs
from index.suggest.phrase_index import PhraseIndex
from index.suggest.phrases import phrases
from index.suggest.spelling import Suggester
from index.suggest.title_index import TitleIndex
from index.suggest.word_index import Wordlist
from preses_relizes.shared.durable import name_errors

EXTENSION = ".hints"


def write(storage: Any, segment: ArraySegment) -> None:
    """Write the suggester's data of *segment*, whose other files are complete."""
    postings = Postings(open_arrays(storage, segment, POSTINGS))
    documents = open_arrays(storage, segment, DOCUMENTS)
    path = documents.path.with_suffix(EXTENSION)
    with name_errors(path), path.open("wb") as file:
        out = ArrayWriter(file, path)
        for arrays in (
            _forms(postings.fields.get("exact")),
            _titles(DocValues(documents)),
            phrase_index.build_arrays(phrases(postings, documents)),
        ):
            for name, array in arrays.items():
                out.add(name, shrink(array))
        out.describe(segment=segment.segid, documents=segment.doc_count_all())
        out.close()


def _forms(field: IndexedField | None) -> Mapping[str, Array]:
    if field is None:
        return word_index.build_arrays([], [])
    return word_index.build_arrays(field.terms[:], field.sizes())


def _titles(columns: DocValues) -> Mapping[str, Array]:
    days, titles = columns.numbers("published"), columns.values("title")
    newest = np.argsort(-days, kind="stable")
    texts = (_text(titles[row]) for row in newest.tolist())
    return {**title_index.build_arrays(texts), "title/documents": newest, "title/days": days[newest]}


def _text(value: object) -> str:
    return value.decode() if isinstance(value, bytes) else ""


class SuggesterData:
    """The suggester's data of all segments of an index reader, read from *files* if they are open already.

    Raises:
        DamagedError: a file is damaged.
        OSError: a file is missing.
    """

    def __init__(self, reader: IndexReader, files: Sequence[ArrayFile] | None = None) -> None:
        self.files = list(map(_open, reader.segments)) if files is None else files
        opened = list(zip(reader.segments, self.files, strict=True))
        self._titles = [_segment_titles(segment, file) for segment, file in opened]
        self._phrases = [PhraseIndex(file) for _, file in opened]
        self._words = [
            (segment, _segment_words(segment, field, file))
            for segment, file in opened
            if (field := segment.field("exact"))
        ]
        self._wordlists = [wordlist for _, wordlist in self._words]
        self._suggester = Suggester(self._wordlists, self._phrases)

    def suggester(self) -> Suggester:
        """Return the spelling corrector."""
        return self._suggester

    def completer(self, values: Mapping[str, Iterable[str]], find: FindDocs, analyzer: Analyzer) -> Completer:
        """Return the autocompletion; the index was built with *analyzer*.

        It offers *values*, by name of their filter. *find* returns some documents that match a text.
        """
        return Completer(
            self._titles,
            values,
            self._wordlists,
            phrases=self._phrases,
            continuations=Continuations(self._words, find, analyzer),
            wording=BaseForms(analyzer, self._suggester),
        )


def _open(segment: SegmentReader) -> ArrayFile:
    documents = segment.files[0]
    file = ArrayFile(documents.path.with_suffix(EXTENSION))
    if any(file.meta.get(name) != documents.meta[name] for name in ("segment", "documents")):
        raise DamagedError(f"{file.path}: of another segment")
    return file


def _segment_words(segment: SegmentReader, field: IndexedField, file: ArrayFile) -> Wordlist:
    return Wordlist(field.terms, file, None if segment.live is None else partial(segment.live_size, field))


def _segment_titles(segment: SegmentReader, file: ArrayFile) -> SegmentTitles:
    columns, rows, live = segment.documents.columns, file["title/documents"], segment.live
    titles, ids = columns.values("title"), columns.values("id")

    def title(number: int) -> str | None:
        row = int(rows[number])
        return _text(titles[row]) if live is None or live[row] else None

    def release(number: int) -> str:
        return _text(ids[int(rows[number])])

    return SegmentTitles(TitleIndex(file), file["title/days"], title, release)
