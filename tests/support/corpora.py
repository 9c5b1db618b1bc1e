"""Small random corpora and queries over them, and an index of each."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from pathlib import Path

import pytest
from hypothesis import strategies as st
from msgspec.structs import replace
from whoosh import columns, fields

from index.analysis import Forms, Token, TokenColumns
from index.codec import ArrayIndex, TextIndexWriter, create_in
from index.layout import VALUE_BREAK
from index.query import (
    FILTERS,
    TRAITS,
    AllOf,
    AnyOf,
    Everything,
    Filters,
    Fuzzy,
    MostOf,
    Not,
    Phrase,
    Prefix,
    Query,
    Word,
)
from index.segment import stored_fields, stored_json
from index.writer import (
    DocumentPart,
    run_merger,
    segment_merge,
    term_lists,
    text_writer,
    token_buffer,
    vocabulary,
)
from tests.support.oracle import BASES, Doc, values_of

SCHEMA = fields.Schema(
    id=fields.ID(unique=True, stored=True, sortable=True),
    title=fields.STORED,
    lemma=fields.TEXT,
    stem=fields.TEXT,
    exact=fields.TEXT,
    fold=fields.TEXT,
    published=fields.COLUMN(columns.NumericColumn("i")),
    cluster=fields.COLUMN(columns.VarBytesColumn()),
    **{
        one.column: fields.COLUMN(
            columns.NumericColumn("B") if one.kind == "flags" else columns.VarBytesColumn()
        )
        for one in FILTERS
    },
)

# Inflected forms share lemmas and stems. Some have two lemmas, some two exact forms (acronyms), some lack
# their diacritics.
WORDS = (
    Forms(("budzets",), ("budz",), ("budžets",), ("budzets",)),
    Forms(("budzets",), ("budz",), ("budžetam",), ("budzetam",)),
    Forms(("budzets",), ("budz",), ("budzeta",), ("budzeta",)),
    Forms(("celt", "cels"), ("cel",), ("ceļ",), ("cel",)),
    Forms(("cels",), ("cel",), ("celu",), ("celu",)),
    Forms(("cels",), ("cel",), ("ceļš",), ("cels",)),
    Forms(("celis", "cels"), ("cel",), ("ceļa",), ("cela",)),
    Forms(("es", "ES"), ("es",), ("ES", "es"), ("es",)),
    Forms(("es",), ("es",), ("es",), ("es",)),
    Forms(("un",), ("un",), ("un",), ("un",)),
    Forms(("vara", "varet"), ("var",), ("var",), ("var",)),
    Forms(("skola",), ("skol",), ("skolā",), ("skola",)),
    # Compounds: one part may lack its diacritics, or another part begin like it.
    Forms(("cels", "skola"), ("cel", "skol"), ("celu", "celuskola", "skola"), ("celu", "celuskola", "skola")),
    Forms(("cels", "skola"), ("cel", "skol"), ("ceļu", "ceļuskola", "skola"), ("celu", "celuskola", "skola")),
    Forms(("cels", "celt"), ("cel",), ("celt", "ceļu", "ceļucelt"), ("celt", "celu", "celucelt")),
    Forms(("skola", "cels"), ("skol", "cel"), ("celu", "skola", "skolacelu"), ("celu", "skola", "skolacelu")),
)
words = st.sampled_from(WORDS)
TEXTS = {"title": 3, "lead": 4, "body": 12, "attachment": 4}

documents = st.builds(
    lambda ministry, language, published, leader, parts: (ministry, language, published, leader, parts),
    st.sampled_from(("fm", "iem", "vm")),
    st.sampled_from(("lv", "en", "ru")),
    st.none() | st.dates(date(2019, 12, 30), date(2021, 1, 3)),
    st.integers(0, 9),
    st.fixed_dictionaries({part: st.lists(words, max_size=most) for part, most in TEXTS.items()}),
)


@st.composite
def corpora(draw: st.DrawFn, most: int = 8) -> list[Doc]:
    docs: list[Doc] = []
    for number, drawn in enumerate(draw(st.lists(documents, min_size=1, max_size=most))):
        ministry, language, published, leader, parts = drawn
        # As in the store: the cluster is the id of the first release with the same text.
        name = f"{ministry}-{number}"
        cluster = docs[leader].cluster if leader < len(docs) else name
        docs.append(Doc(name, ministry, language, published, cluster, parts))
    return docs


def word_by(forms: Forms, fields_: Sequence[str], part: str | None, scored: bool) -> Word:
    kept = {field: getattr(forms, field) for field in fields_}
    text = forms.exact[0]
    accented = "" if text.isascii() else forms.fold[0][:3]
    stem_matches = "lemma" not in fields_
    return Word(text=text, part=part, scored=scored, accented=accented, stem_matches=stem_matches, **kept)  # type: ignore[arg-type]


parts = st.none() | st.sampled_from(sorted(TEXTS))
query_words = st.builds(
    word_by,
    words | st.just(Forms(("nav",), ("nav",), ("nav",), ("nav",))),
    st.sampled_from(
        (("lemma", "stem", "exact"), ("lemma",), ("exact",), ("fold",), ("lemma", "stem", "exact", "fold"))
    ),
    parts,
    st.booleans(),
)
leaves = (
    query_words
    | st.builds(
        lambda words, slop, part: Phrase(words=tuple(words), slop=slop, part=part),
        st.lists(query_words, min_size=1, max_size=3),
        st.sampled_from((0, 0, 1, 3, 4000)),
        parts,
    )
    | st.builds(Prefix, text=st.sampled_from(("b", "ce", "cel", "e", "x", "")), part=parts)
    | st.builds(
        Fuzzy,
        text=st.sampled_from(("cela", "budzet", "e", "xyz")),
        distance=st.integers(0, 2),
        part=parts,
    )
    | st.just(Everything())
)
clauses = st.recursive(
    leaves,
    lambda inner: (
        st.builds(lambda c: AllOf(tuple(c)), st.lists(inner, min_size=1, max_size=3))
        | st.builds(lambda c: AnyOf(tuple(c)), st.lists(inner, min_size=1, max_size=3))
        | st.builds(lambda c: MostOf(tuple(c)), st.lists(inner, min_size=1, max_size=3))
        | st.builds(Not, inner)
    ),
    max_leaves=6,
)
filters = st.builds(
    lambda m, lang, since, until: Filters(
        ministries=tuple(m), languages=tuple(lang), published_from=since, published_to=until
    ),
    st.lists(st.sampled_from(("fm", "iem", "xx")), max_size=2),
    st.lists(st.sampled_from(("lv", "en")), max_size=1),
    st.none() | st.dates(date(2019, 12, 30), date(2021, 1, 3)),
    st.none() | st.dates(date(2019, 12, 30), date(2021, 1, 3)),
)
queries = st.builds(
    Query,
    text=st.just(""),
    clause=clauses,
    reading=st.just(""),
    filters=filters,
    sort=st.sampled_from(("relevance", "relevance", "newest", "oldest")),
    per_page=st.integers(1, 4),
    histogram=st.sampled_from((None, "auto", "day", "month", "quarter", "year")),
)

scored_words = st.builds(word_by, words, st.just(("lemma", "stem")), st.none(), st.just(True))


# Two or three words, of which all, any or most are required; by relevance, without filters.
words_together = st.builds(
    lambda query, clause, words: replace(
        query, clause=clause(tuple(words)), filters=Filters(), sort="relevance"
    ),
    queries,
    st.sampled_from((AllOf, AnyOf, MostOf)),
    st.lists(scored_words, min_size=2, max_size=3),
)


@contextmanager
def a_little_at_a_time() -> Iterator[None]:
    """Spill and merge whatever is written meanwhile as if it were a large build."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(token_buffer, "READ_TOKENS", 1)
        patch.setattr(text_writer, "RUN_TOKENS", 5)
        for module in (text_writer, stored_fields):
            patch.setattr(module, "DOCUMENTS", 2)
        for name in ("DICTIONARY_BYTES", "BATCH_BYTES"):
            patch.setattr(stored_json, name, 300)
        for module in (run_merger, segment_merge):
            patch.setattr(module, "CHUNK", 3)
        patch.setattr(term_lists, "BUCKET_POSTINGS", 2)
        patch.setattr(vocabulary, "CHUNK_BYTES", 8)
        yield


def parts_of(doc: Doc) -> list[DocumentPart]:
    made = []
    for name, forms in doc.parts.items():
        base, weight = BASES[name]
        tokens = [Token(5 * at, 5 * at + 4, one) for at, one in enumerate(forms)]
        made.append(DocumentPart(base, weight, TokenColumns.of(tokens)))
    return made


def fields_of(doc: Doc) -> dict[str, object]:
    return {
        "id": doc.id,
        "title": f"Title of {doc.id}",
        "published": doc.published.toordinal() if doc.published else 0,
        **{one.column: VALUE_BREAK.join(values_of(doc, one)).encode() for one in FILTERS},
        "traits": sum(1 << TRAITS.index(trait) for trait in doc.traits),
        "cluster": doc.cluster.encode(),
    }


def write(writer: TextIndexWriter, docs: Sequence[Doc], without: str = "") -> None:
    for doc in docs:
        kept = {name: value for name, value in fields_of(doc).items() if name != without}
        writer.update_analysed(parts_of(doc), **kept)


def index_of(folder: Path, *batches: Sequence[Doc], without: str = "") -> ArrayIndex:
    """Return an index with one segment per batch; it may lack a column."""
    folder.mkdir(parents=True, exist_ok=True)
    kept = {name: field for name, field in SCHEMA.items() if name != without}
    ix = create_in(folder, fields.Schema(**kept))
    for batch in batches:
        writer = ix.writer()
        write(writer, batch, without)
        writer.commit(merge=False)
    return ix
