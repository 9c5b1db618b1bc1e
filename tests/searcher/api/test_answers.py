"""Each part of an answer comes from its own part of the results."""

from datetime import date

import pytest

from index.best_bets import ChosenAnswer
from index.query import Everything, Filters, Query
from index.results import (
    Explanation,
    FacetValue,
    Histogram,
    Hit,
    Passage,
    PeriodCount,
    Results,
    TermScore,
    Translation,
    WordScore,
)
from index.suggest import Omission, Suggestion
from searcher.api.answers import BestBetAnswer, ExplanationAnswer, HitAnswer, SearchAnswer
from searcher.asking import SearchResponse

HIT = Hit(
    id="iem-1",
    url="https://iem.example/x",
    title=Passage("Seminārs < diena", ((0, 8),)),
    passages=(Passage("Par drošību", ((4, 11),)), Passage("Otra & vieta", ())),
    published=date(2026, 3, 2),
    site="iem",
    ministry="Iekšlietu ministrija",
    language="ru",
    score=1.23456789,
    also_published_by=("Finanšu ministrija",),
    translations=(Translation(id="iem-2", language="en", title="Budget day"),),
    gone=True,
)
EXPLANATION = Explanation(
    score=6.123456789,
    recency=1.123456,
    language=0.01,
    proximity=1.654321,
    words=(
        WordScore(
            text="Budžets",
            score=4.200049,
            terms=(
                TermScore(field="lemma", term="budžets", frequency=3.0, releases=21, score=4.0),
                TermScore(field="stem", term="budz", frequency=0.5, releases=1, score=0.10004),
                TermScore(field="exact", term="budžetu", frequency=1.0, releases=0, score=0.1),
                TermScore(field="other", term="x", frequency=1.0, releases=2, score=0.0),
            ),
        ),
    ),
)


def test_a_hit_has_each_of_its_fields() -> None:
    assert HitAnswer.of(HIT).model_dump() == {
        "id": "iem-1",
        "url": "https://iem.example/x",
        "title": "Seminārs < diena",
        "title_html": "<mark>Seminārs</mark> &lt; diena",
        "snippet": "Par <mark>drošību</mark>",
        "passages": ["Par <mark>drošību</mark>", "Otra &amp; vieta"],
        "passage_url": "https://iem.example/x#:~:text=Par-,dro%C5%A1%C4%ABbu&text=dro%C5%A1%C4%ABbu",
        "published": date(2026, 3, 2),
        "ministry": "Iekšlietu ministrija",
        "site": "iem",
        "language": "ru",
        "score": 1.234568,
        "also_published_by": ["Finanšu ministrija"],
        "translations": [{"id": "iem-2", "language": "en", "title": "Budget day"}],
        "gone": True,
        "edited": False,
        "machine_translated": False,
        "stood": [],
        "version": None,
        "explanation": None,
    }


@pytest.mark.parametrize("flag", ["gone", "edited", "machine_translated"])
def test_each_flag_of_a_hit_is_its_own(flag: str) -> None:
    hit = Hit(
        id="a",
        url="",
        title=Passage("", ()),
        passages=(),
        published=None,
        site="s",
        ministry="m",
        language="lv",
        score=0.0,
        **{flag: True},  # type: ignore[arg-type]  # all of them are switches
    )
    answer = HitAnswer.of(hit)
    flags = ("gone", "edited", "machine_translated")
    assert [name for name in flags if getattr(answer, name)] == [flag]
    assert (answer.snippet, answer.passages, answer.passage_url) == ("", [], "")


def test_an_explanation_has_each_factor_in_its_place() -> None:
    assert ExplanationAnswer.of(EXPLANATION).model_dump() == {
        "score": 6.123457,
        "recency": 1.1235,
        "together": 1.6543,
        "language": 0.01,
        "words": [
            {
                "word": "Budžets",
                "score": 4.2,
                "why": [
                    "any form of the word, 'budžets': weight 3 in this release, found in 21 releases: 4.0000",
                    "a word of the same stem, 'budz': weight 0.5 in this release, found in 1 release: 0.1000",
                    "the form as typed, 'budžetu': weight 1 in this release, found in 0 releases: 0.1000",
                    "other, 'x': weight 1 in this release, found in 2 releases: 0.0000",
                ],
            }
        ],
    }


def test_a_best_bet_is_a_release_or_an_address() -> None:
    day = date(2026, 1, 2)
    release = ChosenAnswer(
        title="T",
        url="https://a.lv/",
        text="Teksts",
        release="fm-1",
        ministry="Finanšu ministrija",
        published=day,
        language="lv",
    )
    assert BestBetAnswer.of(release).model_dump() == {
        "title": "T",
        "url": "https://a.lv/",
        "text": "Teksts",
        "release": "fm-1",
        "ministry": "Finanšu ministrija",
        "published": day,
    }
    address = BestBetAnswer.of(ChosenAnswer(title="T", url="https://a.lv/"))
    assert (address.text, address.release, address.ministry, address.published) == ("", None, None, None)


def answer_of(**fields: object) -> SearchAnswer:
    results = Results(
        hits=(HIT,),
        total=17,
        unaccented=3,
        facets={"year": (FacetValue("2026", 16), FacetValue("2025", 1))},
        histogram=Histogram("month", (PeriodCount(date(2026, 3, 1), date(2026, 3, 31), 5),)),
        cursor="next",
        widened=True,
        nearest=(Hit(**{name: getattr(HIT, name) for name in HIT.__struct_fields__} | {"id": "iem-2"}),),
        near=12,
        took_ms=1.23456,
    )
    query = Query(text="a", clause=Everything(), reading="b", page=4, per_page=7)
    return SearchAnswer.of(SearchResponse(query, results, **fields))  # type: ignore[arg-type]  # fields of it


def test_an_answer_has_each_part_of_the_results() -> None:
    answer = answer_of(explanations={"iem-2": EXPLANATION}, best_bets=(ChosenAnswer(title="T", url="u"),))
    assert (answer.total, answer.page, answer.per_page, answer.unaccented) == (17, 4, 7, 3)
    assert ([hit.id for hit in answer.hits], [hit.id for hit in answer.nearest]) == (["iem-1"], ["iem-2"])
    assert [hit.explanation is None for hit in (*answer.hits, *answer.nearest)] == [True, False]
    assert (answer.near, answer.next_cursor, answer.widened, answer.took_ms) == (12, "next", True, 1.235)
    assert [(one.value, one.count) for one in answer.facets["year"]] == [("2026", 16), ("2025", 1)]
    assert [bet.title for bet in answer.best_bets] == ["T"]
    assert answer.histogram is not None
    [period] = answer.histogram.periods
    assert (answer.histogram.interval, period.from_, period.to, period.count) == (
        "month",
        date(2026, 3, 1),
        date(2026, 3, 31),
        5,
    )
    assert (answer.query.text, answer.query.reading) == ("a", "b")


def test_corrections_and_relaxations_are_told_apart() -> None:
    correction = Suggestion("labots", 5, (("lobots", "labots"),), is_sure=True)
    corrected = answer_of(correction=correction)
    assert corrected.correction is not None
    assert corrected.correction.model_dump() == {
        "kind": "slips",
        "q": "labots",
        "changed": {"lobots": "labots"},
    }
    assert (corrected.suggestion, corrected.relaxations) == (None, [])
    suggested = answer_of(suggestion=Suggestion("cits", 6, ()))
    assert suggested.suggestion is not None
    assert suggested.suggestion.model_dump() == {"q": "cits", "hits": 6}
    assert suggested.correction is None
    relaxed = answer_of(omissions=(Omission("ministry", "budžets", Filters(), 8),))
    assert [one.model_dump() for one in relaxed.relaxations] == [
        {"left_out": "ministry", "q": "budžets", "hits": 8}
    ]
