"""Whoosh's own queries and searcher on analysed texts, whose fields are stored by word."""

from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from whoosh import query

from index.query import AllOf, AnyOf, Clause, Everything, Phrase, Prefix, Word
from tests.support import oracle
from tests.support.corpora import WORDS, corpora, index_of
from tests.support.oracle import Doc

pytestmark = pytest.mark.oracle

lemmas = st.sampled_from(sorted({lemma for forms in WORDS for lemma in forms.lemma})).map(
    lambda lemma: Word(text=lemma, lemma=(lemma,))
)
exact = st.sampled_from(WORDS).map(lambda forms: Word(text="", exact=forms.exact))
phrases = st.builds(
    lambda words, slop: Phrase(words=tuple(words), slop=slop),
    st.lists(lemmas, min_size=2, max_size=2, unique=True),
    st.integers(0, 3),
)
prefixes = st.builds(Prefix, text=st.sampled_from(("b", "ce", "e", "x")))
clauses = st.recursive(
    lemmas | exact | phrases | prefixes | st.just(Everything()),
    lambda inner: (
        st.builds(lambda c: AllOf(tuple(c)), st.lists(inner, min_size=1, max_size=3))
        | st.builds(lambda c: AnyOf(tuple(c)), st.lists(inner, min_size=1, max_size=3))
    ),
    max_leaves=5,
)


def as_whoosh(clause: Clause) -> query.Query:
    match clause:
        case Word(lemma=lemma, exact=exact):
            terms = [("lemma", text) for text in lemma] + [("exact", text) for text in exact]
            return query.Or([query.Term(*term) for term in terms])
        case Phrase(words=words, slop=slop):
            return query.Phrase("lemma", [word.text for word in words], slop=slop + 1)
        case Prefix(text=text):
            return query.Prefix("fold", text)
        case AllOf(clauses=inner):
            return query.And([as_whoosh(clause) for clause in inner])
        case AnyOf(clauses=inner):
            return query.Or([as_whoosh(clause) for clause in inner])
    return query.Every()


@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(docs=corpora(), clause=clauses, cut=st.integers(0, 8), deleted=st.sets(st.integers(0, 7)))
def test_whoosh_agrees_with_brute_force(docs: list[Doc], clause: Clause, cut: int, deleted: set[int]) -> None:
    with TemporaryDirectory() as folder:
        ix = index_of(Path(folder), docs[:cut], docs[cut:])
        writer = ix.writer()
        gone = {doc.id for number, doc in enumerate(docs) if number in deleted}
        for name in gone:
            writer.delete_unique("id", name.encode())
        writer.commit(merge=False)
        live = [doc for doc in docs if doc.id not in gone]
        with ix.searcher() as searcher:
            names = {hit["id"] for hit in searcher.search(as_whoosh(clause), limit=None)}
        assert names == {doc.id for doc in live if oracle.evaluate(clause, doc, live) is not None}
