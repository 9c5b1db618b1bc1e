import pytest

from index.analysis import Analyzer
from index.engines.answers.marked_terms import marked_tokens, tokens_of
from index.query import RelatedTerm
from index.results import Passage

TERMS = {
    "patvēruma lūdzējs": (("patvērums",), ("lūdzējs",)),
    "nav vietu": (("būt",), ("vieta",)),
    "meklēt darbu": (("meklēt",), ("darbs",)),
    "lūdzējs": (("lūdzējs",),),
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
    plain, marks = "", []
    for number, piece in enumerate(text.replace("]", "[").split("[")):
        marks += [(len(plain), len(plain) + len(piece))] if number % 2 else []
        plain += piece
    tokens = marked_tokens(Passage(plain, tuple(marks)), "lv", analyzer)
    assert [plain[each.start : each.end] for each in sorted(tokens_of(related, tokens))] == marked
