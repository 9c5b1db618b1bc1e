from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from index.analysis import Token, TokenColumns
from index.codec import create_in
from index.query import AllOf, Phrase, Query, Related, Word
from index.search import Searcher
from index.search.match_offsets import leaves
from index.writer import DocumentPart
from tests.support.corpora import SCHEMA, WORDS, fields_of
from tests.support.oracle import BASES, Doc

spans = st.lists(
    st.tuples(
        st.sampled_from(WORDS), st.sampled_from((0, 1, 2, 4, 5, 300)), st.sampled_from((1, 5, 63, 64, 400))
    ),
    max_size=8,
)
texts = st.lists(st.fixed_dictionaries(dict.fromkeys(BASES, spans)), min_size=1, max_size=5)
TARGET = WORDS[3]


def tokens(gaps: list[tuple]) -> list[Token]:
    at, made_tokens = 0, []
    for forms, gap, length in gaps:
        made_tokens.append(Token(at + gap, at + gap + length, forms))
        at += gap + length
    return made_tokens


def is_target(token: Token) -> bool:
    return bool(set(token.forms.lemma) & set(TARGET.lemma))


@pytest.mark.oracle
@settings(max_examples=100, deadline=None, suppress_health_check=list(HealthCheck))
@given(drawn=texts, cut=st.integers(0, 5), deleted=st.sets(st.integers(0, 4)), merged=st.booleans())
def test_match_offsets_are_the_matching_tokens(
    drawn: list[dict], cut: int, deleted: set[int], merged: bool
) -> None:
    docs = [{part: tokens(parts_of_doc[part]) for part in BASES} for parts_of_doc in drawn]
    with TemporaryDirectory() as folder:
        ix = create_in(Path(folder), SCHEMA)
        for first, batch in ((0, docs[:cut]), (cut, docs[cut:])):
            writer = ix.writer()
            for number, doc in enumerate(batch, first):
                parts = [
                    DocumentPart(base, weight, TokenColumns.of(doc[part]))
                    for part, (base, weight) in BASES.items()
                ]
                writer.add_analysed(parts, **fields_of(Doc(f"d{number}", "fm", "lv", None, f"d{number}", {})))
            writer.commit(merge=False)
        writer = ix.writer()
        for number in deleted:
            writer.delete_unique("id", f"d{number}".encode())
        writer.commit(optimize=merged, merge=False)
        searcher = Searcher(ix)
        for number, doc in enumerate(docs):
            docnum = searcher.find(f"d{number}")
            assert (docnum is None) == (number in deleted)
            if docnum is None:
                continue
            [marks] = searcher.match_offsets(Word(text="", lemma=TARGET.lemma), [docnum])
            assert [(mark.part, mark.start, mark.end) for mark in marks] == [
                (part, token.start, token.end) for part in BASES for token in doc[part] if is_target(token)
            ]
            [marks] = searcher.match_offsets(Phrase(words=(Word(text="", lemma=TARGET.lemma),) * 2), [docnum])
            pairs = [
                (part, token.start)
                for part in BASES
                for at, token in enumerate(doc[part])
                if is_target(token)
                and any(
                    0 <= near < len(doc[part]) and is_target(doc[part][near]) for near in (at - 1, at + 1)
                )
            ]
            assert [(mark.part, mark.start) for mark in marks] == pairs


def test_match_offsets_are_right_far_after_the_last_odd_token(tmp_path: Path) -> None:
    ix = create_in(tmp_path, SCHEMA)
    writer = ix.writer()
    for number, (gap, count) in enumerate(((1, 100), (300, 1), (1, 669), (1, 700))):
        drawn = [(TARGET, gap, 5)] * count
        writer.add_analysed(
            [DocumentPart(*BASES["body"], TokenColumns.of(tokens(drawn)))],
            **fields_of(Doc(f"d{number}", "fm", "lv", None, f"d{number}", {})),
        )
    writer.commit()
    marks = Searcher(ix).match_offsets(Word(text="", lemma=TARGET.lemma), range(4))
    assert [[mark.start for mark in offsets[:3]] for offsets in marks] == [
        [1, 7, 13],
        [300],
        [1, 7, 13],
        [1, 7, 13],
    ]
    assert [len(offsets) for offsets in marks] == [100, 1, 669, 700]


def test_a_mark_has_the_number_of_the_leaf_that_matches(tmp_path: Path) -> None:
    ix = create_in(tmp_path, SCHEMA)
    writer = ix.writer()
    drawn = tokens([(forms, 1, 5) for forms in WORDS[:4]])
    document = fields_of(Doc("d0", "fm", "lv", None, "d0", {}))
    writer.add_analysed([DocumentPart(*BASES["body"], TokenColumns.of(drawn))], **document)
    writer.commit()
    first, second, third, fourth = (Word(text="", lemma=forms.lemma) for forms in WORDS[:4])
    clause = AllOf((fourth, Related((first, third)), Related((second,))))
    searcher = Searcher(ix)
    for _ in range(2):  # the second time, the words that match are known
        [marks] = searcher.match_offsets(clause, [0])
        assert [leaves(clause)[mark.leaf] for mark in marks] == [first, second, third, fourth]
        searcher.search(Query(text="", clause=clause, reading=""))
