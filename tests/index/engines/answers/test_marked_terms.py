import pytest

from index.analysis import Analyzer, default_analyzer
from index.engines.answers.marked_terms import lemmas_by, marked_tokens, tokens_of
from index.query import RelatedTerm
from index.results import Passage

TERMS = {
    "patvēruma lūdzējs": (("patvērums",), ("lūdzējs",)),
    "nav vietu": (("būt",), ("vieta",)),
    "meklēt darbu": (("meklēt",), ("darbs",)),
    "lūdzējs": (("lūdzējs",),),
    "patvēruma lūdzējs nav": (("patvērums",), ("lūdzējs",), ("būt",)),
}


@pytest.mark.parametrize(
    ("term", "text", "marked"),
    [
        ("patvēruma lūdzējs", "[Patvēruma] un darba [lūdzējs]", ["Patvēruma", "lūdzējs"]),
        ("patvēruma lūdzējs", "[Patvēruma] vietā, kur katrs cits ir [lūdzējs]", []),
        ("patvēruma lūdzējs", "[Lūdzējs] un [patvērums]", []),
        ("patvēruma lūdzējs", "Šis [lūdzējs]", []),
        ("meklēt darbu", "[Darbu meklēt] sāka", ["Darbu", "meklēt"]),
        ("nav vietu", "Šeit [nav vietu]", ["nav", "vietu"]),
        ("nav vietu", "Te [ir] divas [vietas]", []),
        ("lūdzējs", "[Lūdzējs] un [patvērums]", ["Lūdzējs"]),
    ],
    ids=[
        "with others between", "too far apart", "not in its order", "a part", "a verb in either order",
        "a common word beside it", "a common word apart", "a word",
    ],
)  # fmt: skip
def test_a_term_is_marked_where_it_stands(
    analyzer: Analyzer, term: str, text: str, marked: list[str]
) -> None:
    related = RelatedTerm(text=term, language="lv", words=TERMS[term])
    assert standing(analyzer, related, text) == marked


@pytest.mark.parametrize(
    ("term", "slop", "text", "count"),
    [
        # Three other words may be within a phrase, besides its stop words.
        ("patvēruma lūdzējs", 0, "[Patvēruma] a b c [lūdzējs]", 2),
        ("patvēruma lūdzējs", 0, "[Patvēruma] a b c d [lūdzējs]", 0),
        ("patvēruma lūdzējs", 1, "[Patvēruma] a b c d [lūdzējs]", 2),
        ("patvēruma lūdzējs", 1, "[Patvēruma] a b c d e [lūdzējs]", 0),
        # A common word is beside another, but for the stop words.
        ("nav vietu", 0, "[Nav] tur [vietu]", 0),
        ("nav vietu", 1, "[Nav] tur [vietu]", 2),
        ("nav vietu", 1, "[Nav] tur jau [vietu]", 0),
        ("patvēruma lūdzējs", 0, "[Patvēruma patvēruma lūdzējs]", 3),
        ("patvēruma lūdzējs", 0, "[Patvēruma lūdzējs lūdzējs]", 2),
        ("patvēruma lūdzējs", 0, "[Patvēruma vieta lūdzējs]", 2),
        ("patvēruma lūdzējs nav", 0, "[Patvēruma lūdzējs nav]", 3),
        ("patvēruma lūdzējs nav", 0, "[Patvēruma lūdzējs] a [nav]", 0),
        ("patvēruma lūdzējs nav", 0, "[Patvēruma] a b [lūdzējs nav]", 3),
        ("patvēruma lūdzējs nav", 0, "[Patvēruma lūdzējs]", 0),
        ("lūdzējs", 0, "[Lūdzējs] a b c d e f [lūdzēju]", 2),
    ],
)
def test_the_words_of_a_phrase_are_near_each_other(
    analyzer: Analyzer, term: str, slop: int, text: str, count: int
) -> None:
    related = RelatedTerm(text=term, language="lv", words=TERMS[term], slop=slop)
    assert len(standing(analyzer, related, text)) == count


def test_the_place_of_a_token_is_that_of_the_words() -> None:
    tokens = marked_tokens(
        Passage("Te ir viens un divi", ((3, 11), (15, 19))), "lv", lemmas_by(default_analyzer())
    )
    assert [(each.place, each.start, each.end) for each in tokens] == [(1, 3, 5), (2, 6, 11), (4, 15, 19)]


def standing(analyzer: Analyzer, term: RelatedTerm, text: str) -> list[str]:
    """Return the marked words of *text* in which *term* stands; marks are in brackets."""
    plain, marks = "", []
    for number, piece in enumerate(text.replace("]", "[").split("[")):
        marks += [(len(plain), len(plain) + len(piece))] if number % 2 else []
        plain += piece
    tokens = marked_tokens(Passage(plain, tuple(marks)), "lv", lemmas_by(analyzer))
    return [plain[each.start : each.end] for each in sorted(tokens_of(term, tokens))]
