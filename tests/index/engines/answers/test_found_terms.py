import pytest

from index.analysis import Analyzer
from index.engines.answers.found_terms import find_terms
from index.engines.answers.marked_terms import lemmas_by, marked_passages
from index.query import Expansion, RelatedTerm
from index.results import Hit, Passage


def hit(text: str, *marked: str) -> Hit:
    """Return a hit with a title in which the words *marked* are marked."""
    marks = tuple((start := text.index(word), start + len(word)) for word in marked)
    return Hit(
        id=text,
        url="https://iem.example/1",
        title=Passage(text, marks),
        passages=(),
        published=None,
        site="iem",
        ministry="Iekšlietu ministrija",
        language="lv",
        score=1,
    )


@pytest.fixture
def expansion(analyzer: Analyzer) -> Expansion:
    texts = ("patvērums", "patvēruma meklētājs", "migrants")
    return Expansion(
        "bēgļi",
        tuple(
            RelatedTerm(
                text=text,
                language="lv",
                words=tuple(analyzer.forms(word).lemma for word in text.split()),
            )
            for text in texts
        ),
    )


@pytest.mark.parametrize(
    ("hits", "terms"),
    [
        ([hit("Patvēruma meklētāji", "Patvēruma", "meklētāji")], ("patvērums", "patvēruma meklētājs")),
        ([hit("Patvēruma meklētāji", "Patvēruma meklētāji")], ("patvērums", "patvēruma meklētājs")),
        ([hit("Migranti un patvērums", "Migranti")], ("migrants",)),
        (
            [hit("Patvērums un citi meklētāji", "Patvērums", "meklētāji")],
            ("patvērums", "patvēruma meklētājs"),
        ),
        ([hit("Meklētāji, patvērums", "Meklētāji", "patvērums")], ("patvērums",)),
        ([hit("Migranti", "Migranti"), hit("Par patvērumu", "patvērumu")], ("migrants", "patvērums")),
    ],
    ids=[
        "words of a phrase",
        "marked as one",
        "only what is marked",
        "a phrase with others between",
        "not in its order",
        "the first hit first",
    ],
)
def test_terms_are_those_marked_in_the_hits(
    analyzer: Analyzer, expansion: Expansion, hits: list[Hit], terms: tuple[str, ...]
) -> None:
    (found,) = find_terms([expansion], [marked_passages(one, lemmas_by(analyzer)) for one in hits])
    assert found.related == terms


@pytest.mark.parametrize(
    ("hits", "terms"),
    [
        # A hit counts by its place: the second and the third together less than the first.
        (["Migranti", "Patvērums", "Patvērums"], ("migrants", "patvērums")),
        (["Migranti", "Patvērums", "Patvērums", "Patvērums"], ("patvērums", "migrants")),
        (["Patvērums", "Migranti"], ("patvērums", "migrants")),
        (["Bezdarbnieks", "Patvērums"], ("patvērums",)),
    ],
)
def test_terms_of_the_first_hits_come_first(
    analyzer: Analyzer, expansion: Expansion, hits: list[str], terms: tuple[str, ...]
) -> None:
    marked = [marked_passages(hit(text, text), lemmas_by(analyzer)) for text in hits]
    (found,) = find_terms([expansion], marked)
    assert found.related == terms


@pytest.mark.parametrize(
    ("lemmas", "terms"),
    [
        ((("migrants",), ("migrants", "bēglis")), ("a", "b")),
        ((("migrants", "bēglis"), ("migrants",)), ("a",)),
        ((("migrants",), ("migrants",)), ("a",)),
    ],
)
def test_a_term_of_the_same_words_is_named_once(
    analyzer: Analyzer, lemmas: tuple[tuple[str, ...], ...], terms: tuple[str, ...]
) -> None:
    related = tuple(
        RelatedTerm(text=text, language="lv", words=(one,)) for text, one in zip("ab", lemmas, strict=True)
    )
    (found,) = find_terms(
        [Expansion("x", related)], [marked_passages(hit("Migranti", "Migranti"), lemmas_by(analyzer))]
    )
    assert found.related == terms


@pytest.mark.parametrize("hits", [[], [hit("Migranti")]])
def test_an_expansion_without_a_marked_term_is_left_out(
    analyzer: Analyzer, expansion: Expansion, hits: list[Hit]
) -> None:
    assert find_terms([expansion], [marked_passages(one, lemmas_by(analyzer)) for one in hits]) == ()


def test_phrases_that_overlap_name_a_term_once(analyzer: Analyzer, expansion: Expansion) -> None:
    other = Expansion("bēgļu nometne", expansion.terms[:1])
    hits = [hit("Migranti un patvērums", "Migranti", "patvērums")]
    found = find_terms([expansion, other], [marked_passages(one, lemmas_by(analyzer)) for one in hits])
    assert [each.related for each in found] == [("patvērums", "migrants")]
