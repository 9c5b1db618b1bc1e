"""The compiled searcher answers what the oracles answer."""

import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import replace
from datetime import date
from itertools import combinations, product
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec import structs

from index import deadline
from index.codec import ArrayIndex, open_dir
from index.query import (
    TRAITS,
    AllOf,
    AnyOf,
    Clause,
    Everything,
    Filters,
    MostOf,
    Not,
    Phrase,
    Prefix,
    Query,
    Related,
    Wildcard,
    Word,
)
from index.search import Searcher, TopDocs
from index.search.compiled import facets as compiled_facets
from index.search.compiled.facets import FacetCounter
from index.search.cursor import START
from index.search.ranking import recency
from index.segment import doc_lists
from tests.support.changed_arrays import set_number, shorten
from tests.support.children import run_bounded
from tests.support.comparison import WORLDS, check_world
from tests.support.corpora import (
    SCHEMA,
    WORDS,
    a_little_at_a_time,
    corpora,
    filters,
    index_of,
    query_words,
    write,
)
from tests.support.corpora import clauses as any_clauses
from tests.support.dense_search import DenseSearcher
from tests.support.oracle import Doc
from tests.support.school_budget import BUDGET, SCHOOL

NO_FILTERS = Filters()
thorough = settings(max_examples=200, deadline=None, suppress_health_check=list(HealthCheck))
DAMAGES = 300
RARE = Word(text="ceļš", lemma=("cels",)), Word(text="var", lemma=("vara",))

known_words = query_words.map(lambda word: structs.replace(word, part=None))
lists = st.lists(known_words, min_size=1, max_size=4).map(tuple)
few_words: st.SearchStrategy[Clause] = (
    known_words
    | st.builds(AllOf, lists)
    | st.builds(AnyOf, lists)
    | st.builds(lambda words: Phrase(words=words), lists)
)
# The words of a concept, as related words are asked for.
pooled_words = st.builds(
    lambda words, is_pooled: Word(
        text="",
        lemma=tuple(dict.fromkeys(lemma for word in words for lemma in word.lemma)),
        stem=tuple(dict.fromkeys(stem for word in words for stem in word.stem)),
        pooled=is_pooled,
        weight=0.5,
    ),
    st.lists(query_words, min_size=1, max_size=4),
    st.booleans(),
)
concepts = st.builds(
    lambda clauses: Related(tuple(clauses)),
    st.lists(pooled_words | few_words, min_size=1, max_size=3),
)
nested = st.recursive(
    any_clauses | concepts | pooled_words,
    lambda inner: st.builds(
        lambda kind, clauses: kind(tuple(clauses)),
        st.sampled_from((AllOf, AnyOf, MostOf)),
        st.lists(inner, min_size=1, max_size=4),
    ),
    max_leaves=8,
)
clauses = few_words | nested
described = st.builds(
    lambda docs, traits, categories: [
        replace(doc, traits=traits[number % 3], categories=categories[number % 2])
        for number, doc in enumerate(docs)
    ],
    corpora(most=12),
    st.tuples(*[st.sets(st.sampled_from(TRAITS)).map(tuple)] * 3),
    st.tuples(*[st.sets(st.sampled_from(("budget", "schools", "roads"))).map(tuple)] * 2),
)
filters_of_all_kinds = st.builds(
    structs.replace,
    filters,
    traits=st.sets(st.sampled_from(TRAITS), max_size=1).map(tuple),
    categories=st.sets(st.sampled_from(("budget", "schools")), max_size=1).map(tuple),
)


def query(clause: Clause, per_page: int = 10, filters: Filters = NO_FILTERS, **options: Any) -> Query:
    return Query(text="", clause=clause, reading="", per_page=per_page, filters=filters, **options)


@contextmanager
def in_blocks_of_two() -> Iterator[None]:
    """Write and read posting lists as those of a segment with more than 65,536 documents."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(doc_lists, "BLOCK_BITS", 1)
        patch.setattr(doc_lists, "BLOCK", 2)
        patch.setattr(doc_lists, "ROW_PAYS_AT", 1)
        yield


def check(ix: ArrayIndex, asked: Query, *, most: float = 0.2, **options: Any) -> TopDocs:
    """Compare with the oracle; return the answer."""
    compiled, plain = (made(ix, recency=recency, proximity=most) for made in (Searcher, DenseSearcher))
    assert compiled.count(asked.clause, asked.filters) == plain.count(asked.clause, asked.filters)
    matching = compiled.matching(asked.clause, asked.filters)
    assert matching.tolist() == plain.matching(asked.clause, asked.filters).tolist()
    assert compiled.list_all(asked).read() == plain.list_all(asked).read()
    found, expected = compiled.search(asked, **options), plain.search(asked, **options)
    for _ in range(3):
        check_page(found, expected, asked)
        scores = compiled.scores(asked.clause, found.docs)
        assert scores == pytest.approx(found.scores, rel=1e-12)
        assert scores == pytest.approx(plain.scores(asked.clause, found.docs), rel=1e-12)
        # The words of the query are those that the search found.
        offsets = compiled.match_offsets(asked.clause, found.docs)
        assert offsets == plain.match_offsets(asked.clause, expected.docs)
        if found.last is None:
            break
        found, expected = (
            searcher.search(asked, after=found.last, **options) for searcher in (compiled, plain)
        )
    return found


def check_page(found: TopDocs, expected: TopDocs, asked: Query) -> None:
    if asked.filters != NO_FILTERS:
        assert [*found.facets] == [*expected.facets]  # the order, which answers show
    assert structs.replace(found, scores=(), last=None) == structs.replace(expected, scores=(), last=None)
    assert found.scores == pytest.approx(expected.scores, rel=1e-12)
    assert (found.last is None) == (expected.last is None)
    if found.last is not None and expected.last is not None:
        assert found.last.id == expected.last.id
        assert found.last.keys == pytest.approx(expected.last.keys, abs=1e-9)


@thorough
@given(
    docs=described,
    later=described,
    deleted=st.sets(st.integers(0, 12)),
    clause=clauses,
    page=st.fixed_dictionaries(
        {
            "per_page": st.sampled_from((1, 2, 10)),
            "sort": st.sampled_from(("relevance", "relevance", "newest", "oldest")),
            "page": st.sampled_from((1, 1, 2)),
            "cursor": st.sampled_from((None, None, START)),
            "histogram": st.sampled_from((None, None, "auto", "day", "month", "year")),
        }
    ),
    filters=st.just(NO_FILTERS) | filters_of_all_kinds,
    excluded=st.sets(st.integers(0, 3)),
    options=st.fixed_dictionaries({"collapse": st.booleans(), "faceted": st.booleans()}),
    most=st.sampled_from((0.0, 0.2, 2.0)),
    commit=st.sampled_from(({"merge": False}, {"optimize": True})),
    written=st.sampled_from((nullcontext, a_little_at_a_time, in_blocks_of_two)),
)
def test_any_clause_is_answered_as_by_the_oracle(
    docs: list[Doc],
    later: list[Doc],
    deleted: set[int],
    clause: Clause,
    page: dict[str, Any],
    *,
    filters: Filters,
    excluded: set[int],
    options: dict[str, bool],
    most: float,
    commit: dict[str, bool],
    written: Callable[[], AbstractContextManager[None]],
) -> None:
    with TemporaryDirectory() as folder, written():
        ix = index_of(Path(folder), docs)
        writer = ix.writer()
        write(writer, later)
        for number in deleted & set(range(len(docs))):
            writer.delete_unique("id", docs[number].id.encode())
        writer.commit(**commit)
        present = [doc for doc in sorted(excluded) if doc < Searcher(ix).reader.count]
        check(ix, query(clause, filters=filters, **page), most=most, excluded=present, **options)


@pytest.mark.oracle
@pytest.mark.parametrize("seed", range(WORLDS))
def test_settled_clauses_of_updated_indexes_are_answered_like_brute_force(tmp_path: Path, seed: int) -> None:
    check_world(tmp_path, seed, Searcher)


@pytest.mark.parametrize(
    "clause",
    [
        BUDGET,
        structs.replace(SCHOOL, accented="sko", fold=("skola",)),
        AllOf((BUDGET, SCHOOL)),
        AnyOf((BUDGET, SCHOOL)),
        Phrase(words=(BUDGET, SCHOOL)),
        Word(text="nowhere", lemma=("nowhere",)),
        structs.replace(BUDGET, part="title"),
        AllOf((structs.replace(BUDGET, part="body"), structs.replace(SCHOOL, part="body"))),
        Phrase(words=(SCHOOL, BUDGET), slop=5),
        Phrase(words=(BUDGET, SCHOOL), part="title"),
        Phrase(words=(BUDGET,) * 40),
        Phrase(words=()),
        *(Wildcard(text="b*s", part=part) for part in (None, "body")),
        AllOf(()),
        AllOf((BUDGET, SCHOOL) * 40),
        AllOf((BUDGET, Not(SCHOOL))),
        AnyOf((AllOf((BUDGET, SCHOOL)), Prefix(text="b"), Everything())),
        MostOf((BUDGET, Related((BUDGET, SCHOOL)))),
        Not(BUDGET),
    ],
)
def test_common_clause_is_answered(ix: ArrayIndex, clause: Clause) -> None:
    check(ix, query(clause), collapse=True)


def test_a_segment_without_words_has_no_neighbours(tmp_path: Path) -> None:
    empty = [replace(doc, id=f"x{doc.id}", parts={}) for doc in many_docs(3)]
    ix = index_of(tmp_path, many_docs(5), empty)
    found = check(ix, query(MostOf((BUDGET, SCHOOL, Everything(), Everything()))), collapse=False)
    assert found.total == 8


# A word whose stem is also that of other words, and scores without matching; words without such a stem; and
# clauses that are found before they are scored.
LEAVES: tuple[Clause, ...] = (
    Word(text="ceļ", lemma=("celt",), stem=("cel",), stem_matches=False),
    Word(text="skola", lemma=("skola",)),
    Word(text="un", lemma=("un",), scored=False),
    Phrase(words=(BUDGET, Word(text="un", lemma=("un",)))),
    Not(SCHOOL),
    Everything(),
)


@pytest.mark.parametrize("outer", [AllOf, AnyOf, MostOf])
@pytest.mark.parametrize("inner", [AllOf, AnyOf, MostOf, Related])
def test_clauses_in_clauses_are_scored_as_by_the_oracle(
    tmp_path: Path, outer: type[AllOf | AnyOf | MostOf], inner: type[AllOf | AnyOf | MostOf | Related]
) -> None:
    texts = [*combinations(WORDS[:12:3], 2), *((word,) for word in WORDS)]
    docs = [Doc(f"d{n:02}", "fm", "lv", None, f"d{n:02}", {"body": [*text]}) for n, text in enumerate(texts)]
    ix = index_of(tmp_path, docs[:9], docs[9:])
    for pair, other in product(combinations(LEAVES, 2), LEAVES):
        check(ix, query(outer((inner(pair), other))), collapse=False)


@pytest.mark.parametrize("repeats", [1, 3, 100])
def test_a_word_that_is_repeated_in_texts_and_phrases_is_found(tmp_path: Path, repeats: int) -> None:
    [*docs] = many_docs(5)
    for doc in docs:
        doc.parts["body"] = [WORDS[0]] * repeats
    ix = index_of(tmp_path, docs, [replace(doc, id=f"x{doc.id}") for doc in docs])
    for length in (2, 3, 30):
        found = check(ix, query(Phrase(words=(BUDGET,) * length)), collapse=False)
        assert found.total == (10 if length <= repeats else 0)


@pytest.mark.parametrize(
    "clause", [BUDGET, AllOf((BUDGET, SCHOOL)), Phrase(words=(BUDGET, SCHOOL)), Everything()]
)
def test_empty_index_answers_any_query(tmp_path: Path, clause: Clause) -> None:
    ix = index_of(tmp_path)
    for options in ({}, {"sort": "newest"}, {"page": 2}, {"histogram": "auto"}, {"cursor": START}):
        assert check(ix, query(clause, **options), collapse=True).total == 0
    assert Searcher(ix).explain(clause, []) == {}


@pytest.mark.parametrize("most", [0.0, 0.2])
@pytest.mark.parametrize("clause", [BUDGET, AllOf((BUDGET, SCHOOL)), MostOf((SCHOOL, BUDGET))])
def test_far_pages_and_long_ones_are_answered(tmp_path: Path, clause: Clause, most: float) -> None:
    ix = index_of(tmp_path, many_docs(700))
    for page, per_page in ((1, 128), (1, 129), (1, 1000), (14, 10), (30, 10), (900, 10)):
        check(ix, query(clause, per_page, page=page), most=most, collapse=True)
    check(ix, query(clause, 100, cursor=START), most=most, collapse=True)


@pytest.mark.parametrize("collapse", [True, False])
def test_index_with_too_many_combinations_of_facets_is_answered(
    ix: ArrayIndex, monkeypatch: pytest.MonkeyPatch, *, collapse: bool
) -> None:
    monkeypatch.setattr(compiled_facets, "CELLS_MAX", 1)
    assert not FacetCounter(Searcher(ix)._columns, Searcher(ix).reader.count).is_small
    for asked in (NO_FILTERS, Filters(published_from=date(2020, 1, 1)), Filters(ministries=("fm",))):
        check(ix, query(SCHOOL, filters=asked), collapse=collapse)


def test_long_segment_is_answered_as_by_the_oracle(tmp_path: Path) -> None:
    ix = index_of(tmp_path, many_docs(70_000))
    for clause in (BUDGET, AllOf((BUDGET, SCHOOL)), AnyOf((BUDGET, SCHOOL)), Phrase(words=(BUDGET, SCHOOL))):
        for _ in range(2):
            found = check(ix, query(clause), collapse=True)
            assert found.total > 1000
    # The documents of rare words are far apart.
    for clause in (AllOf(RARE), AnyOf(RARE), *(AllOf((BUDGET, rare)) for rare in RARE)):
        found = check(ix, query(clause), collapse=True)
        assert found.total > 50


def many_docs(count: int) -> list[Doc]:
    """Return tiny documents; some words are common, and two of fifty documents share a cluster."""
    names = [f"{number * 7919 % count:06}" for number in range(count)]
    texts = [(0, 11), (11, 9), (0,), (11, 9)]
    rare = [(), (10,), (5, 10), (5,)]  # of RARE
    return [
        Doc(
            id=name,
            ministry=("fm", "vm")[number % 5 == 0],
            language="lv",
            published=None,
            cluster=names[number - 1] if number % 50 == 1 else name,
            parts={
                "body": [
                    WORDS[word]
                    for word in (*texts[number % 4], *rare[number % 200 // 50 if number % 50 == 0 else 0])
                ]
            },
        )
        for number, name in enumerate(names)
    ]


def docs_with_other_numbers() -> list[Doc]:
    """Return documents of which some have a word more often than fits in two or four bits."""
    [*docs] = many_docs(60)
    for number, doc in enumerate(docs):
        doc.parts["body"] *= 20 if number in {3, 5, 7} else 1
    return docs


# The array, the place of a number in it, a number that is wrong there, and what is said of it.
WRONG_NUMBERS = [
    ("exact/words", 0, 4, "a term of an unknown word"),
    ("lemma/lists", 0, 4, "a term of an unknown list"),
    ("lemma/term_offsets", 5, 24, "a term outside its dictionary"),
    ("word/starts", 4, 107, "a posting list outside its array"),
    ("word/starts", 1, 100, "a posting list outside its array"),
    ("word/low", 0, 40, "documents of a term that do not ascend"),
    ("word/low", 1, 0, "documents of a term that do not ascend"),
    ("word/low", 29, 60, "documents of a term that do not ascend"),
    ("word/weights_other_places", 2, 0, "places of other numbers that do not ascend"),
    ("word/position_starts", 1, 60_000, "positions outside their array"),
    ("word/counts_others", 0, 60_000, "positions outside their array"),
    ("span/starts", 1, 60_000, "a text outside its array"),
    ("span/starts", 1, 1, "a text longer than its tokens"),
    ("part/3000", 0, 250, "a text longer than its tokens"),
    ("column/traits", 0, 1 << len(TRAITS), "doc values beyond their table"),
]


# The same in blocks of two documents, as a large segment has them.
WRONG_IN_BLOCKS = [
    ("word/low", 0, 2, "documents of a term that do not ascend"),
    ("word/rows", 1, 32, "blocks of documents that do not ascend"),
    ("word/starts", 0, 1, "blocks of documents that end before their list"),
    ("word/starts", 1, 31, "blocks of documents that do not ascend"),
    ("word/starts", 2, 31, "blocks of documents outside their array"),
]
# What is said of an array that lacks its last number.
TOO_SHORT = {
    "lemma/terms": "a term outside its dictionary",
    **dict.fromkeys(
        (f"{field}/{name}" for field in ("lemma", "exact") for name in ("term_offsets", "words")),
        "the arrays of its terms have unequal lengths",
    ),
    "lemma/lists": "the arrays of its terms have unequal lengths",
    "word/starts": "positions of a wrong number of words",
    "word/low": "a posting list outside its array",
    **dict.fromkeys(
        (f"word/{name}{kind}" for name in ("weights", "counts") for kind in ("", "_others", "_other_places")),
        "arrays with a wrong length",
    ),
    "word/position_starts": "positions of a wrong number of words",
    "union/starts": "document lists without extents, or of a wrong type",
    "part/3000": "the parts of texts have a wrong number of documents",
    "span/starts": "texts with a wrong number of documents",
    "column/traits": "doc values with a wrong number of documents",
}


def file_with(folder: Path, name: str) -> Path:
    """Return the file of an index that has the array *name*."""
    suffix = ".docs" if name.startswith("column/") else ".posts"
    return next(path for path in folder.iterdir() if path.suffix == suffix)


def search_all(folder: Path) -> None:
    """Search by words, lists of words and phrases, so that every array is read."""
    searcher = Searcher(open_dir(folder, SCHEMA), recency=recency, proximity=0.2)
    budget, both = structs.replace(BUDGET, exact=("budžets",)), (BUDGET, SCHOOL)
    last_term = Word(text="varēt", lemma=("varet",))
    for clause in (SCHOOL, budget, last_term, AllOf(both), Phrase(words=both)):
        searcher.search(query(clause))


@pytest.mark.parametrize("damage", WRONG_NUMBERS)
def test_number_that_would_lead_outside_an_array_is_refused(
    tmp_path: Path, damage: tuple[str, int, int, str]
) -> None:
    name, place, wrong, message = damage
    index_of(tmp_path, docs_with_other_numbers())
    set_number(file_with(tmp_path, name), name, place, wrong)
    with pytest.raises(ValueError, match=message):
        search_all(tmp_path)


@pytest.mark.parametrize("damage", WRONG_IN_BLOCKS)
def test_number_that_would_lead_outside_its_blocks_is_refused(
    tmp_path: Path, damage: tuple[str, int, int, str]
) -> None:
    name, place, wrong, message = damage
    with in_blocks_of_two():
        index_of(tmp_path, docs_with_other_numbers())
        set_number(file_with(tmp_path, name), name, place, wrong)
        with pytest.raises(ValueError, match=message):
            search_all(tmp_path)


@pytest.mark.parametrize("name", TOO_SHORT)
def test_array_that_is_shorter_than_the_others_is_refused(tmp_path: Path, name: str) -> None:
    index_of(tmp_path, docs_with_other_numbers())
    shorten(file_with(tmp_path, name), name)
    with pytest.raises(ValueError, match=TOO_SHORT[name]):
        search_all(tmp_path)


@pytest.mark.parametrize("blocks", [1, 2])
def test_sound_arrays_are_not_refused(tmp_path: Path, blocks: int) -> None:
    with in_blocks_of_two() if blocks > 1 else nullcontext():
        index_of(tmp_path, docs_with_other_numbers())
        search_all(tmp_path)


def test_facets_of_unknown_values_are_refused(ix: ArrayIndex) -> None:
    columns = Searcher(ix)._columns
    for beyond, is_refused in ((-1, False), (0, True), (columns.size, True)):
        columns.cells = columns.cells.copy()
        columns.cells[0] = columns.size + beyond
        with pytest.raises(ValueError, match="doc values beyond") if is_refused else nullcontext():
            FacetCounter(columns, len(columns.cells))


def test_repeated_common_word_is_answered_alike_from_memory(tmp_path: Path) -> None:
    ix = index_of(tmp_path, many_docs(700))
    searcher, plain = Searcher(ix), DenseSearcher(ix)
    filters = Filters(ministries=("fm",))
    asked = [(query(BUDGET, per_page), collapse) for per_page in (3, 20) for collapse in (True, False)]
    asked += [(query(BUDGET, 3, filters), True)]
    for one, collapse in asked * 2:
        found, expected = (each.search(one, collapse=collapse) for each in (searcher, plain))
        assert found.total > 256
        assert structs.replace(found, scores=()) == structs.replace(expected, scores=())


def test_decoded_blocks_are_counted_once(tmp_path: Path) -> None:
    ix = index_of(tmp_path, many_docs(1_200), [replace(doc, id=f"x{doc.id}") for doc in many_docs(10)])
    word = Word(text="skola", lemma=("skola",))
    searcher, counted = Searcher(ix), []
    for asked in (word, word, AllOf((word, structs.replace(word, weight=0.5))), Prefix(text="skol")):
        searcher.search(query(asked))
        counted.append(searcher.core.blocks_decoded)
    assert counted[0] == -(-len(searcher.matching(word)) // 256)
    assert counted[1] == counted[2] == counted[0] < counted[3]


def test_threads_share_a_searcher(tmp_path: Path) -> None:
    ix = index_of(tmp_path, many_docs(300), [replace(doc, id=f"x{doc.id}") for doc in many_docs(300)])
    words = [BUDGET, SCHOOL, structs.replace(BUDGET, exact=("budžets",)), Word(text="un", lemma=("un",))]
    asked = [
        query(kind(pair))
        for kind in (
            AllOf,
            AnyOf,
            lambda pair: Phrase(words=pair),
            lambda pair: MostOf((Related(pair), *pair)),
        )
        for pair in ((one, other) for one in words for other in words)
    ] * 5
    plain = DenseSearcher(ix, proximity=0.2)
    expected = [plain.search(one) for one in asked]
    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    try:
        searcher = Searcher(ix, proximity=0.2)
        with ThreadPoolExecutor(8) as pool:
            found = list(pool.map(searcher.search, asked))
    finally:
        sys.setswitchinterval(before)
    assert [(one.docs, one.folded, one.total, one.facets) for one in found] == [
        (one.docs, one.folded, one.total, one.facets) for one in expected
    ]


def test_search_stops_at_its_deadline(ix: ArrayIndex) -> None:
    searcher = Searcher(ix)
    with deadline.at_most(-1), pytest.raises(deadline.DeadlineError):
        searcher.search(query(BUDGET), collapse=True)


# Run in a process of its own, which a read out of bounds would end.
DAMAGE = """
import random, sys
from pathlib import Path
from index.codec import open_dir
from index.errors import DamagedError
from index.query import AllOf, AnyOf, MostOf, Phrase, Prefix, Related
from index.search import Searcher
from index.search.ranking import recency
from tests.index.search.test_compiled import in_blocks_of_two, query
from tests.support.corpora import SCHEMA
from tests.support.school_budget import BUDGET, SCHOOL

folder, count, blocks = Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])
files = {path: path.read_bytes() for path in sorted(folder.iterdir()) if path.suffix in {".posts", ".docs"}}
words = BUDGET, SCHOOL
clauses = [BUDGET, AllOf(words), AnyOf(words), Phrase(words=words), MostOf((Related(words), AllOf(words)))]
clauses += [Phrase(words=words, slop=3), Phrase(words=words, part="body"), Prefix(text="s", part="body")]
answered = damaged = 0
if blocks > 1:
    patch = in_blocks_of_two()
    patch.__enter__()
for seed in range(count):
    chance = random.Random(seed)
    path = chance.choice(sorted(files))
    content = bytearray(files[path])
    end = int.from_bytes(content[-24:-16], "little")  # of the arrays; their directory has a checksum
    for _ in range(chance.choice((1, 10, 100))):
        content[chance.randrange(64, end)] = chance.choice((0, 1, 127, 255, chance.randrange(256)))
    path.unlink()  # the old file may still be mapped
    path.write_bytes(content)
    try:
        searcher = Searcher(open_dir(folder, SCHEMA), recency=recency, proximity=0.2)
        for clause in clauses:
            searcher.search(query(clause))
        answered += 1
    except DamagedError:
        damaged += 1
    path.write_bytes(files[path])
print(answered, damaged)
"""


@pytest.mark.parametrize("blocks", [1, 2])
def test_damaged_file_is_reported_and_never_ends_the_process(tmp_path: Path, blocks: int) -> None:
    docs = many_docs(120)
    with in_blocks_of_two() if blocks > 1 else nullcontext():
        index_of(tmp_path, docs[:50], docs[50:])
    done = run_bounded(
        [sys.executable, "-c", DAMAGE, tmp_path, str(DAMAGES), str(blocks)], capture_output=True, text=True
    )
    assert (done.returncode, done.stderr) == (0, "")
    answered, damaged = map(int, done.stdout.split())
    assert answered > 0
    assert damaged > 0
