"""Words of queries: what matches them in an index, and how they score, compiled and interpreted."""

import random
from bisect import bisect_left
from collections.abc import Sequence
from cProfile import Profile
from typing import Any

import numpy as np
import pytest

from index import deadline
from index.analysis.word_cache import WORD_CHARS
from index.query import Word
from index.search.index_reader import IndexReader
from index.search.ranking import FIELD_WEIGHTS
from tests.support.corpora import WORDS, index_of
from tests.support.decoded import POSTING_LISTS, Load, docs_of, terms_in_form
from tests.support.interpreted import each_form, interpreted, interpreted_form
from tests.support.oracle import Doc

WORDS_MODULE = "index.search.compiled.words"
DELETED = [0, 3, 13]
PAIRS = [("celt", "cels"), ("vara", "budzets"), ("es", "ES", "un")]
ASKED = [
    Word(text="a", lemma=("cels",)),
    Word(text="b", lemma=("cels", "celt")),
    Word(text="c", lemma=("cels", "celt"), pooled=True, weight=0.5),
    Word(text="d", lemma=("budzets",), stem=("budz",), exact=("budžets",)),
    Word(text="e", lemma=("budzets",), stem=("budz",), exact=("budžets",), accented="budz"),
    Word(text="f", lemma=("nav",), stem=("cel",), stem_matches=True),
    Word(text="g", lemma=("nav",), stem=("cel",)),
    Word(text="h", lemma=("vara", "skola"), exact=("ceļa", "ES"), pooled=True),
    Word(text="i", fold=("celu", "cels")),
    Word(text="j", lemma=("es",), scored=False),
    Word(text="k", lemma=("nav",)),
    Word(text="l"),
    Word(text="m", lemma=("un", "es"), exact=("un",)),
    Word(text="n", lemma=("un", "es"), exact=("un", "ES"), stem=("budz", "un"), pooled=True),
    Word(text="o", lemma=("un",), exact=("un", "ES"), stem_matches=True, stem=("un", "cel")),
]


def document(number: int) -> Doc:
    body = [WORDS[word % len(WORDS)] for word in range(number, 2 * number, 3)]
    return Doc(f"d{number}", "fm", "lv", None, f"d{number}", {"title": body[:1], "body": body})


DOCS = [document(number) for number in range(20)]


@pytest.fixture(scope="module")
def reader(tmp_path_factory: pytest.TempPathFactory) -> IndexReader:
    ix = index_of(tmp_path_factory.mktemp("words"), DOCS[:12], DOCS[12:15], DOCS[15:])
    writer = ix.writer()
    for number in DELETED:
        writer.delete_unique("id", f"d{number}".encode())
    writer.commit(merge=False)
    return IndexReader(ix)


def words_of(load: Load, reader: IndexReader) -> Any:
    terms_in_form(load, reader)
    return load(WORDS_MODULE).Words(reader, FIELD_WEIGHTS, 1 << 20)


def terms_that_match(word: Word) -> list[tuple[str, str]]:
    fields = [("lemma", word.lemma), ("exact", word.exact), ("fold", word.fold)]
    if word.stem_matches:
        fields.append(("stem", word.stem))
    return [(field, text) for field, texts in fields for text in texts]


@each_form
@pytest.mark.parametrize("word", ASKED, ids=lambda word: word.text)
def test_word_matches_the_live_documents_that_have_a_form_of_it(
    load: Load, word: Word, reader: IndexReader
) -> None:
    found = words_of(load, reader).find(word)
    assert docs_of(found.matching) == [
        number
        for number, doc in enumerate(DOCS)
        if number not in DELETED
        and any(
            text in getattr(forms, field)
            for _, _, forms in doc.tokens
            for field, text in terms_that_match(word)
        )
    ]
    assert found.size >= len(found.matching)
    assert found.has_only_matching == (word.stem_matches or not word.stem)


@each_form
@pytest.mark.parametrize("word", ASKED, ids=lambda word: word.text)
def test_words_of_each_segment_are_those_of_all_terms(load: Load, word: Word, reader: IndexReader) -> None:
    words = words_of(load, reader)
    found = words.find(word)
    for row, segment in enumerate(reader.segments):
        assert [*words.words_in(found, row)] == [*segment.words_of(tuple(terms_that_match(word)))]


@each_form
@pytest.mark.parametrize("word", ASKED, ids=lambda word: word.text)
def test_terms_score_as_the_index_weighs_them(load: Load, word: Word, reader: IndexReader) -> None:
    words = words_of(load, reader)
    found = words.find(word)
    most = []
    for field, weight in FIELD_WEIGHTS.items() if word.scored else ():
        texts = getattr(word, field)
        weighed = reader.weigh_terms(field, texts, word, weight * word.weight)
        most.append(max((reader.max_score(*one) for one in weighed), default=0))
    assert len(found.scored()) <= sum(len(getattr(word, field)) for field in FIELD_WEIGHTS)
    assert found.most == pytest.approx(sum(most))
    assert found.scored() is found.terms


@each_form
def test_only_the_better_of_the_terms_of_a_field_scores(load: Load, reader: IndexReader) -> None:
    words = words_of(load, reader)
    found = words.find(Word(text="a", lemma=("cels", "es", "un"), stem=("budz", "vara")))
    assert [term.is_alternative for term in found.scored()] == [True, True, False, True, False]
    assert found.most == pytest.approx(
        max(term.most for term in found.terms[:3]) + max(term.most for term in found.terms[3:])
    )


@each_form
def test_a_word_does_not_keep_what_looked_it_up(load: Load, reader: IndexReader) -> None:
    words = words_of(load, reader)
    scored, unasked = (words.find(Word(text=text, lemma=(text,))) for text in ("cels", "vara"))
    terms = scored.scored()
    del words
    assert scored.scored() is terms
    with pytest.raises(ReferenceError):
        unasked.scored()


@each_form
def test_fields_with_the_same_list_score_as_one(load: Load, reader: IndexReader) -> None:
    words = words_of(load, reader)
    both = words.find(Word(text="a", lemma=("un",), exact=("un",)))
    (term,) = both.scored()
    alone = words.find(Word(text="b", exact=("un",)))
    assert not alone.scored()[0].is_alternative
    assert term.most == pytest.approx(11 * alone.most)


@each_form
def test_words_of_the_same_terms_share_what_matches(load: Load, reader: IndexReader) -> None:
    words = words_of(load, reader)
    one, other = (words.find(Word(text="a", lemma=("un",), weight=weight)) for weight in (1.0, 0.5))
    assert one.matching is other.matching
    assert one.scored()[0].most == 2 * other.scored()[0].most


@each_form
def test_word_whose_terms_one_term_covers_has_the_list_of_that_term(load: Load, reader: IndexReader) -> None:
    words = words_of(load, reader)
    covered = words.find(Word(text="a", lemma=("un",), exact=("un",)))
    assert covered.matching is words.find(Word(text="b", lemma=("un",), exact=("un",), fold=("un",))).matching
    assert covered.size == len(covered.matching)
    several = words.find(Word(text="c", lemma=("un", "es")))
    assert several.size == sum(words.find(Word(text=text, lemma=(text,))).size for text in ("un", "es"))


@each_form
def test_found_words_are_kept_unless_they_are_long(load: Load, reader: IndexReader) -> None:
    words = words_of(load, reader)
    for length, is_kept in ((WORD_CHARS, True), (WORD_CHARS + 1, False)):
        word = Word(text="a" * length, lemma=("cels",))
        assert (words.find(word) is words.find(word)) == is_kept
    assert words.find(Word(text="b", lemma=("vara",))).nbytes == 1_000


@interpreted_form
@pytest.mark.parametrize(
    ("word", "others"),
    [(Word(text="a", lemma=("un",), exact=("un",)), 0), (Word(text="b", lemma=("cels", "es")), 2)],
)
def test_size_of_what_is_kept_counts_each_list_once(
    load: Load, reader: IndexReader, word: Word, others: int
) -> None:
    words = words_of(load, reader)
    found = words.find(word)
    before = words.cache.recent_bytes
    assert before == 4_000 + found.matching.nbytes
    scored = {term.list for term in found.scored()} - {found.matching}
    assert len(scored) == others
    assert words.cache.recent_bytes == before + sum(one.nbytes for one in scored)


@each_form
def test_merged_lists_count_as_decoded(load: Load, reader: IndexReader) -> None:
    words = words_of(load, reader)
    words.find(Word(text="a", lemma=("budzets",), accented="budz")).scored()
    assert words.lists.blocks == 2


@each_form
def test_looking_up_a_word_takes_no_longer_than_it_may(load: Load, reader: IndexReader) -> None:
    words = words_of(load, reader)
    with deadline.at_most(-1), pytest.raises(deadline.DeadlineError):
        words.find(Word(text="a", lemma=("cels",)))


@interpreted_form
def test_fields_of_equal_texts_share_their_norms(load: Load, reader: IndexReader) -> None:
    words = words_of(load, reader)
    assert words.norms_of("lemma") is words.norms_of("lemma")
    assert words.norms_of("lemma") is words.norms_of("stem")


@interpreted_form
@pytest.mark.parametrize(("max_bytes", "of_lists"), [(1000, 250), (1003, 250), (3, 0)])
def test_words_and_their_lists_share_the_room(
    load: Load, reader: IndexReader, max_bytes: int, of_lists: int
) -> None:
    words = load(WORDS_MODULE).Words(reader, FIELD_WEIGHTS, max_bytes)
    assert (words.lists.cache.max_bytes, words.cache.max_bytes) == (of_lists, max_bytes - of_lists)


@interpreted_form
@pytest.mark.parametrize(
    ("words_by_term", "rows"),
    [
        ([], []),
        ([[[]], [[]]], []),
        ([[[1, 2]], [[1, 2]]], [0]),
        ([[[1]], [[1, 2]]], [1]),
        ([[[1]], [[2]]], [0, 1]),
        ([[[1], []], [[], [1]]], [0, 1]),
        ([[[1, 2]], [[3]], [[2, 3, 4]]], [2, 0]),
        ([[[1, 2]], [[2, 3]], [[1, 3]]], [0, 1]),
        ([[[1], [2]], [[3], [4, 5]], [[1, 3], [4]]], [1, 2, 0]),
    ],
)
def test_lists_are_merged_from_the_longest_on_until_all_words_are_in(
    load: Load, words_by_term: list[list[list[int]]], rows: list[int]
) -> None:
    assert load(WORDS_MODULE).rows_to_merge(words_by_term) == rows


@interpreted_form
@pytest.mark.parametrize(
    ("lists", "union"),
    [
        ([], []),
        ([[3]], [3]),
        ([[1, 3], [1, 3]], [1, 3]),
        ([[], [2]], [2]),
        ([[4, 9], [4, 9], [1, 5]], [1, 4, 5, 9]),
        ([[4, 9], []], [4, 9]),
    ],
)
def test_union_of_words_ascends(load: Load, lists: list[list[int]], union: list[int]) -> None:
    module = load(WORDS_MODULE)
    found = module.union_of_words(lists)
    assert found == union
    if lists and union == lists[0] == lists[-1]:
        assert found is lists[0]
    assert module.are_all([found, []], [union, []])
    assert not module.are_all([found, []], [union, [1]])
    assert not module.are_all([found[1:], [1]], [[*found, 1], [1]])


# --- Scores in blocks of documents ---

Postings = dict[int, float]


def made_word(terms: Sequence[tuple[Postings, Any, float, bool]]) -> Any:
    module, lists = interpreted(WORDS_MODULE), interpreted(POSTING_LISTS)
    word = module.QueryWord()
    for postings, norms, most, is_alternative in terms:
        found = lists.list_of_docs(sorted(postings))
        lists.set_frequencies(found, np.array([postings[doc] for doc in sorted(postings)], np.float32).data)
        word.terms.append(module.ScoredTerm(found, norms, most, is_alternative))
    return word


def expected(words: Sequence[Any], docs: Sequence[int]) -> list[float]:
    scores = []
    terms = [[(term, docs_of(term.list)) for term in word.terms] for word in words]
    for doc in docs:
        total = 0.0
        for word_terms in terms:
            score, best = 0.0, 0.0
            for term, mine in word_terms:
                row = bisect_left(mine, doc)
                frequency = term.list.frequencies[row] if row < len(mine) and mine[row] == doc else 0.0
                best = max(best, frequency / (frequency + term.norms[doc]) * term.most)
                if not term.is_alternative:
                    score, best = score + best, 0.0
            total += score
        scores.append(total)
    return scores


def scores_of(words: Sequence[Any], docs: Sequence[int], whole: Any = None) -> list[float]:
    scores = np.full(len(docs) + 1, 7.0)
    interpreted("index.search.compiled.matches").score(
        [*words], whole, np.array([*docs, 0], np.int32).data, len(docs), scores.data
    )
    assert scores[-1] == 7
    return scores[:-1].tolist()


@pytest.mark.parametrize("documents", [1_000, 40_000, 400_000])
@pytest.mark.parametrize("count", [0, 1, 255, 256, 257, 700])
@pytest.mark.parametrize("is_long", [False, True])
def test_words_score_in_any_documents(documents: int, count: int, is_long: bool) -> None:
    chance = random.Random(documents + count)
    norms = [interpreted(WORDS_MODULE).Norms(np.linspace(low, 2, documents)) for low in (0.5, 1)]
    most = documents // 20 if is_long else 900

    def term(of: int, is_alternative: bool) -> tuple[Postings, Any, float, bool]:
        docs = chance.sample(range(documents), chance.choice([0, 5, min(most, documents)]))
        frequencies = {doc: chance.choice([1.0, 2.0, 70_000.0]) for doc in docs}
        return frequencies, norms[of], chance.random() + 0.5, is_alternative

    words = [
        made_word([term(0, True), term(0, True), term(0, False), term(1, False), term(0, False)]),
        made_word([]),
        made_word([term(1, False), term(1, True), term(1, False)]),
    ]
    docs = sorted(chance.sample(range(documents), count))
    assert scores_of(words, docs) == expected(words, docs)


@pytest.mark.parametrize("count", [1, 256, 257, 600])
def test_word_scores_in_the_documents_of_its_own_list(count: int) -> None:
    norms = interpreted(WORDS_MODULE).Norms(np.linspace(0.5, 2, 3 * count))
    mine = {3 * row: float(row % 5 + 1) for row in range(count)}
    others = {3 * row + row % 2: 2.0 for row in range(count)}
    word, other = made_word([(mine, norms, 2.0, False)]), made_word([(others, norms, 1.0, False)])
    docs = sorted(mine)
    assert scores_of([other, word], docs, word.terms[0].list) == expected([other, word], docs)
    assert scores_of([word], docs, word.terms[0].list) == expected([word], docs)


@pytest.mark.parametrize("span", [-1, 0, 1])
def test_words_score_in_documents_about_as_far_apart_as_a_table_is_long(span: int) -> None:
    last = interpreted(POSTING_LISTS).SPAN + span
    norms = interpreted(WORDS_MODULE).Norms(np.ones(last + 2))
    word = made_word([({0: 1.0, 5: 2.0, last: 3.0, last + 1: 4.0}, norms, 1.0, False)])
    for docs in ([0, last], [0, 6, last], [5, 6], [last, last + 1]):
        assert scores_of([word], docs) == expected([word], docs)


def test_scoring_takes_no_longer_than_it_may() -> None:
    norms = interpreted(WORDS_MODULE).Norms(np.ones(9))
    with deadline.at_most(-1), pytest.raises(deadline.DeadlineError):
        scores_of([made_word([({1: 1.0}, norms, 1.0, False)])], [1])


@pytest.mark.parametrize(("count", "looks"), [(0, 0), (1, 1), (1 << 14, 1), ((1 << 14) + 1, 2)])
def test_scoring_looks_at_the_clock_now_and_then(count: int, looks: int) -> None:
    profile = Profile()
    profile.runcall(scores_of, [], range(count))
    asked = [entry.callcount for entry in profile.getstats() if entry.code is deadline.check.__code__]
    assert sum(asked) == looks
