import random
from collections.abc import Callable
from datetime import date
from operator import itemgetter
from pathlib import Path

import pytest

from benchmarks.completions import load_completions
from benchmarks.spelling import SampleSearch, make_slip
from crawler.store import Store
from index.analysis import Analyzer
from index.engines.whoosh.engine import WhooshEngine
from index.engines.whoosh.indexer import build
from index.query import parse
from index.suggest import Suggester, Suggestion, did_you_mean, sure_correction
from index.suggest.did_you_mean import correct_unmatched
from samples.content import HERE as SAMPLES
from samples.content import load_releases, load_sites
from tests.index.conftest import Save

Suggest = Callable[[str], Suggestion | None]


@pytest.fixture
def suggest(engine: WhooshEngine, count: Callable[[str], int]) -> Suggest:
    return lambda text: did_you_mean(text, engine.suggester(), count)


@pytest.fixture
def suggest_from_all(store: Store, analyzer: Analyzer, tmp_path: Path) -> Suggest:
    """Corrects by an index of all that the test has saved when it asks."""

    def suggest(text: str) -> Suggestion | None:
        folder = tmp_path / "all"
        folder.mkdir()
        build(folder, store, analyzer)
        engine = WhooshEngine(folder)
        return did_you_mean(
            text,
            engine.suggester(),
            lambda asked: engine.count(parse(asked, analyzer=analyzer, today=date(2026, 11, 25))),
        )

    return suggest


@pytest.mark.parametrize(
    ("typed", "is_sure"),
    [("pensjas", True), ("pensjas VAI robežsarzde", True), ("pensjas VAI xqzwqx", False)],
)
def test_a_correction_is_sure_only_if_it_corrects_every_word_without_hits(
    suggest: Suggest, typed: str, *, is_sure: bool
) -> None:
    suggestion = suggest(typed)
    assert suggestion is not None
    assert suggestion.is_sure is is_sure


@pytest.mark.parametrize(
    ("typed", "offered", "hits"),
    [
        ("nodokļu reorma", "nodokļu reforma", 1),
        ("pensjas", "pensijas", 2),
        ("nodokļu REFOOORMA", "nodokļu REFORMA", 1),
        ("ROBEŽSARZDE", "ROBEŽSARDZE", 1),
        ("robežsarzde žogs", "robežsardze žogs", 1),
        ("pensjas VAI žogs", "pensijas VAI žogs", 3),
        ("virsraksts:reofrma", "virsraksts:reforma", 1),
        ("patvēruma uzņemšna", "patvēruma uzņemšanu", 1),
        ("nodokļu reorma pensjas", "nodokļu reforma pensijas", 1),
        ("patvēruma meklētājeēms", "patvēruma meklētāju", 1),  # a slip in the ending of an unindexed form
    ],
)
def test_suggests_the_corrected_query_with_its_hits(
    suggest: Suggest, typed: str, offered: str, hits: int
) -> None:
    suggestion = suggest(typed)
    assert suggestion is not None
    assert (suggestion.text, suggestion.hits) == (offered, hits)


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "pensijas",
        "pensijam",  # another form of an indexed word
        "nodoklu reforma",  # found as typed
        "pārrēķinās žogs",  # both words are indexed, but in different releases
        '"nodokļu reorma"',  # phrases are not corrected
        "=reorma",
        "reorm*",
        "qwertyuiop",
        "ežogs",  # the stem of žogs is too short
        "Pensjas",  # may be a name, and no name is near
        "PNSIJA",
    ],
)
def test_suggests_nothing_that_finds_no_more(suggest: Suggest, typed: str) -> None:
    assert suggest(typed) is None


def test_the_correction_with_more_hits_beside_the_other_words_wins(
    save: Save, suggest_from_all: Suggest
) -> None:
    save("d", title="Laiku laiki", body="Lauku atbalsta dienests.")
    for number in range(9):
        save(f"e{number}", title=f"Laiku maiņa {number}", body="Laiku ziņas.")
        save(f"f{number}", title=f"Atbalsts {number}", body="Lauku atbalsta dienests.")
    save("g", title="Atbalsta dienests", body="Laiku.")
    suggestion = suggest_from_all("laku atbalsta dienests")
    assert suggestion is not None
    assert suggestion.text == "lauku atbalsta dienests"


def test_a_suggestion_lists_the_changed_words(suggest: Suggest) -> None:
    suggestion = suggest("nodokļu reorma")
    assert suggestion is not None
    assert suggestion.changed == (("reorma", "reforma"),)


def test_a_name_is_corrected_to_a_name(save: Save, suggest_from_all: Suggest) -> None:
    save("d", title="Lēmums", body="Pensijas sola ministre Lelde Kalnkrasta.")
    suggestion = suggest_from_all("Kalnkrsta")
    assert suggestion is not None
    assert (suggestion.text, suggestion.is_sure) == ("Kalnkrasta", True)


@pytest.mark.parametrize(
    ("typed", "offered", "is_sure"),
    [
        ("Kalnkrsta", "Kalnkrasta", True),
        ("Lelde Klnkrasta", "Lelde Kalnkrasta", True),
        ("Alnkrasta", "Kalnkrasta", True),
        ("KALNKRSTA", "KALNKRASTA", False),  # capitals may be meant
        ("Kalnkrasts", "", False),  # another person
        ("Ozolmala", "Ozolkala", False),  # or Ozolsala
    ],
)
def test_the_one_person_a_slip_away_is_sure(
    save: Save, suggest_from_all: Suggest, typed: str, offered: str, *, is_sure: bool
) -> None:
    save("d", title="Lēmums", body="Pensijas sola ministre Lelde Kalnkrasta.")
    save("e", title="Lēmums", body="To atbalsta Juris Bērzs, Zane Ozolkala un Anna Ozolsala.")
    suggestion = suggest_from_all(typed)
    assert (suggestion.text if suggestion else "", bool(suggestion and suggestion.is_sure)) == (
        offered,
        is_sure,
    )


@pytest.mark.sweep
def test_persons_with_a_slip_in_their_surname_are_found_first(tmp_path: Path) -> None:
    search, chance = SampleSearch.of(tmp_path), random.Random(31)
    names = [item.wanted[0] for item in load_completions().completions if item.kind == "name"]
    others = ("Rail Baltica", "Eiropas Komisija", "Zviedrijas Institūts")
    people = [
        name.split() for name in names if name.istitle() and name.count(" ") == 1 and name not in others
    ]
    typed = [
        (text, surname)
        for given, surname in people
        for slip in (make_slip(surname.lower(), chance).capitalize() for _ in range(3))
        for text in (slip, f"{given} {slip}")
    ]
    texts = {
        f"{site.id}/{name}": f"{sample.title} {sample.lead} {sample.body}"
        for site in load_sites().sites
        for name, sample in load_releases(SAMPLES / "releases" / site.id).items()
    }
    found = [surname[:-1] in texts.get(search.first(text), "") for text, surname in typed]
    assert len(found) >= 100
    assert sum(found) >= 0.95 * len(found)


@pytest.mark.parametrize(
    ("typed", "is_sure"),
    [
        ("nodokļu reorma", True),
        ("nodoklu reorma", True),
        ("patvēruma uzņemšna", True),
        ("nodokļu reorma pensjas", True),
        ("pensjas VAI žogs", False),  # finds something as it is
        ("nodokļu REFOOORMA", False),  # capitals may be meant
        ("žogz", False),  # short words resemble too many others
        ("patvēruma meklētājeēms", False),  # only its stem is near
    ],
)
def test_only_one_slip_in_an_unknown_word_is_sure(suggest: Suggest, typed: str, is_sure: bool) -> None:
    suggestion = suggest(typed)
    assert suggestion is not None
    assert suggestion.is_sure == is_sure


def test_a_word_of_the_dictionary_is_not_surely_wrong(
    engine: WhooshEngine, count: Callable[[str], int], analyzer: Analyzer
) -> None:
    for is_word, is_sure in ((lambda _: True, False), (analyzer.is_in_dictionary, True)):
        suggestion = did_you_mean("pensjas", engine.suggester(), count, is_word)
        assert suggestion is not None
        assert suggestion.is_sure == is_sure


def test_a_rival_makes_a_correction_unsure(save: Save, suggest_from_all: Suggest) -> None:
    save("d", body="Lauku ceļi.")
    save("e", body="Laiku ziņas.")
    suggestion = suggest_from_all("lakku")
    assert suggestion is not None
    assert not suggestion.is_sure


def test_a_sure_correction_needs_no_common_hits(
    engine: WhooshEngine, count: Callable[[str], int], analyzer: Analyzer
) -> None:
    correction = sure_correction("reorma žogs", engine.suggester(), count, analyzer.is_in_dictionary)
    assert correction is not None
    assert (correction.text, correction.hits) == ("reforma žogs", 0)


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "nodokļu reforma",
        "pensjas VAI žogs",
        "=reorma",
        '"nodokļu reorma"',
        "Reorma",
        "reorm*",
        "qwertyui",
    ],
)
def test_nothing_else_is_corrected_at_once(
    engine: WhooshEngine, count: Callable[[str], int], analyzer: Analyzer, typed: str
) -> None:
    assert sure_correction(typed, engine.suggester(), count, analyzer.is_in_dictionary) is None


# --- Limits, by small lists of forms ---

Forms = list[tuple[str, int]]


def finds(**hits: int) -> Callable[[str], int]:
    """Return what gives the number of hits of some queries; others have none."""
    return lambda text: hits.get(text.replace(" ", "_"), 0)


@pytest.mark.parametrize(
    ("forms", "typed", "is_sure"),
    [
        # In rare forms a slip costs more than 1.
        ([("galdiem", 9)], "paldiem", True),
        ([("galdiem", 3)], "paldiem", False),
        # Words of four letters resemble too many.
        ([("galdi", 9)], "paldi", True),
        ([("gals", 9)], "pals", False),
        # Only the stem is near: it must have been typed in eight letters, and cost less than 2.
        ([("projektiem", 4)], "projktos", True),
        ([("projektiem", 4)], "projktu", False),
        ([("projektiem", 999)], "brojektos", True),
        ([("projektiem", 4)], "brojektos", False),
        # A rival is rarer by so much that it costs 0.15 more, or it has the same stem.
        ([("lauku", 9), ("laiku", 199)], "lakku", True),
        ([("lauku", 9), ("laiku", 169)], "lakku", False),
        ([("lauku", 9), ("laukiem", 9), ("laukam", 9)], "lakuu", True),
        # In capitals, a word may be a name.
        ([("galdiem", 9)], "PALDIEMM", False),
    ],
)
def test_only_a_likely_word_without_rivals_is_sure(forms: Forms, typed: str, *, is_sure: bool) -> None:
    suggester, none = Suggester.of(forms), finds()
    for correct in (correct_unmatched, sure_correction):
        found = correct(typed, suggester, none)
        best = max(forms, key=itemgetter(1))[0]
        assert found == (Suggestion(best, 0, ((typed, best),), is_sure=True) if is_sure else None)
    assert correct_unmatched(typed, suggester, none, lambda word: word == typed) is None
    some = did_you_mean(typed, suggester, lambda text: int(text != typed))
    assert some is None or some.is_sure == is_sure


@pytest.mark.parametrize(
    ("hits", "offered", "is_sure"),
    [
        (finds(lauku=100, laiku=430), "laiku", True),
        (finds(lauku=100, laiku=420), "laiku", False),
        (finds(lauku=420, laiku=100), "lauku", False),
        (finds(lauku=430, laiku=100), "lauku", True),
        (finds(lauku=5, laiku=5), "laiku", False),
        (finds(lauku=5), "lauku", True),
        (finds(lauku=2, lakku=1), "", False),  # found as typed
        (finds(), "", False),
    ],
)
def test_rivals_are_weighed_by_their_hits(hits: Callable[[str], int], offered: str, *, is_sure: bool) -> None:
    suggester = Suggester.of([("lauku", 9), ("laiku", 9)])
    found = did_you_mean("lakku", suggester, hits)
    if not offered:
        assert found is None
        return
    changed = (("lakku", offered),)
    assert found == Suggestion(offered, hits(offered), changed, is_sure=is_sure)
    assert correct_unmatched("lakku", suggester, hits) == (None if hits("lakku") else found)
    assert sure_correction("lakku", suggester, hits) == (found if is_sure else None)


@pytest.mark.parametrize(
    ("typed", "offered"),
    [
        ("pensijs pensijsa", "pensijas pensijas"),
        ("PENSIJSA pensijs", "PENSIJAS pensijas"),
        ("(pensijs)  VAI pensijsa!", "(pensijas)  VAI pensijas!"),
        ("virsraksts:pensijs", "virsraksts:pensijas"),
        ("pensijs pensijas", "pensijas pensijas"),
        ("pensij5s pensijs", "pensij5s pensijas"),
    ],
)
def test_only_misspelt_words_are_replaced_where_they_are(typed: str, offered: str) -> None:
    found = did_you_mean(typed, Suggester.of([("pensijas", 9)]), lambda text: int(text == offered))
    assert found is not None
    assert (found.text, found.hits) == (offered, 1)


def test_four_words_of_the_first_twelve_are_corrected() -> None:
    suggester = Suggester.of([("pensijas", 9), ("lauku", 9)])

    def corrected(typed: str) -> str | None:
        found = did_you_mean(typed, suggester, lambda text: text.count("pensijas"))
        return found.text if found else None

    assert corrected("pensijs " * 5) == "pensijas " * 4 + "pensijs "
    assert corrected("lauku " * 11 + "pensijs") == "lauku " * 11 + "pensijas"
    assert corrected("lauku " * 12 + "pensijs") is None
    five = correct_unmatched("pensijs " * 5, suggester, lambda text: text.count("pensijas"))
    assert five is not None
    assert not five.is_sure  # the fifth one is as it was


def test_words_are_changed_one_at_a_time_where_all_match() -> None:
    suggester = Suggester.of([("lauku", 9), ("galdu", 9)])
    matching = finds(lakku=1, gadlu=1, lakku_gadlu=0, lauku_gadlu=2, lakku_galdu=3, lauku_galdu=9)
    found = did_you_mean("lakku gadlu", suggester, matching)
    assert found == Suggestion("lakku galdu", 3, (("gadlu", "galdu"),))
    assert (
        did_you_mean("lakku gadlu", suggester, finds(lakku=1, gadlu=1, lakku_gadlu=1, lakku_galdu=3)) is None
    )
    one = did_you_mean("lakku gadlu", suggester, finds(lakku=1, lakku_galdu=3, lauku_gadlu=9))
    assert one == Suggestion("lakku galdu", 3, (("gadlu", "galdu"),), is_sure=True)


@pytest.mark.parametrize(
    ("typed", "changed"),
    [
        ("lakku gadlu", (("lakku", "lauku"), ("gadlu", "galdu"))),
        ("lakku qqqqq", ()),
        ("lakku galdu", (("lakku", "lauku"),)),
        ("galdu", ()),
    ],
)
def test_all_words_that_nothing_matches_are_corrected_or_none(
    typed: str, changed: tuple[tuple[str, str], ...]
) -> None:
    found = correct_unmatched(typed, Suggester.of([("lauku", 9), ("galdu", 9)]), finds(galdu=3))
    assert (found.changed if found else ()) == changed
    assert found is None or (found.hits, found.is_sure) == (0, True)
    assert correct_unmatched(typed, Suggester.of([("lauku", 9), ("galdu", 9)]), lambda _: 1) is None


@pytest.mark.parametrize(
    ("one", "other", "is_like"),
    [
        ((("a", "ceļi"),), (("a", "ceļam"),), True),
        ((("a", "ceļi"),), (("b", "ceļi"),), False),
        ((("a", "ceļi"),), (("a", "galdi"),), False),
        ((("A", "CEĻI"),), (("A", "ceļam"),), True),
        ((("a", "ceļi"),), (("a", "ceļi"), ("b", "galdi")), False),
    ],
)
def test_suggestions_are_alike_by_the_stems_of_their_words(
    one: tuple[tuple[str, str], ...], other: tuple[tuple[str, str], ...], *, is_like: bool
) -> None:
    assert Suggestion("", 1, one).is_like(Suggestion("", 2, other)) == is_like
