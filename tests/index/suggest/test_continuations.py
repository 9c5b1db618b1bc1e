from collections.abc import Callable
from functools import partial
from math import log1p

import pytest

from index.analysis import Analyzer
from index.engines.whoosh.engine import WhooshEngine, _find_some
from index.suggest import Completer
from index.suggest.continuations import Continuation, Continuations
from tests.index.conftest import Save


@pytest.fixture
def completer(engine: WhooshEngine) -> Completer:
    return engine.completer()


def words(completer: Completer, typed: str) -> list[str]:
    return [completion.text for completion in completer.complete(typed) if completion.kind != "title"]


@pytest.mark.parametrize(
    ("typed", "completed"),
    [
        ("pensiju in", ["pensiju indeksācija"]),
        ("pensijas pie", ["pensijas pieaugs"]),  # follows the word before
        ("reforma pens", []),  # of the same release, but never beside each other
        ("reforma žo", []),  # no release has both
        ("patvēruma meklētāju", ["patvēruma meklētāju uzņemšana"]),  # the last word is complete
        ("patveruma m", ["patvēruma meklētāju"]),  # diacritics are added
    ],
)
def test_the_last_word_is_completed_in_the_light_of_those_before(
    completer: Completer, typed: str, completed: list[str]
) -> None:
    assert words(completer, typed) == completed


def test_typed_diacritics_must_match(completer: Completer) -> None:
    assert words(completer, "pensijas piē") == []


# --- What continues a text, and how often ---


@pytest.fixture
def continuations(
    save: Save, read_only_index: Callable[[], WhooshEngine], analyzer: Analyzer
) -> Continuations:
    save("a", title="Meža skola", body="Jauna meža skola atvērta. Meža skolotājs stāsta par skolu.")
    save("b", title="Mežs", body="Mežā būs skola. Meža skolas ēka.")
    save("c", title="Jūra", body="Jūras skola.")
    engine = read_only_index()
    find = partial(_find_some, engine._searcher, engine._broadening, analyzer)
    return Continuations(engine._suggester_data._words, find, analyzer)


def counts(found: list[Continuation]) -> dict[str, tuple[int, int, int]]:
    return {item.form: (item.releases, item.adjacent, item.agreeing) for item in found}


def test_words_after_others_are_counted_by_release_and_by_neighbour(continuations: Continuations) -> None:
    found = continuations.after("meža", "skol")
    assert counts(found) == {
        "skola": (2, 2, 2),
        "skolas": (1, 1, 1),
        "skolotājs": (1, 1, 1),
        "skolu": (1, 0, 0),
    }
    assert found[0].form == "skola"
    weights = {item.form: item.weight for item in found}
    rarity = {
        form: log1p(3 / (1 + releases)) for form, releases in (("skola", 3), ("skolas", 1), ("skolu", 1))
    }
    assert weights["skola"] == pytest.approx((2 + 8 * 2) * rarity["skola"])
    assert weights["skolas"] == pytest.approx((1 + 8 * 1) * rarity["skolas"])
    assert weights["skolu"] == pytest.approx(1 * rarity["skolu"])


def test_any_form_of_the_word_before_is_a_neighbour_but_only_the_typed_one_agrees(
    continuations: Continuations,
) -> None:
    assert counts(continuations.after("mežs", "skol"))["skolas"] == (1, 1, 0)
    assert counts(continuations.after("jauna meža", "skola"))["skola"] == (1, 2, 2)
    assert continuations.after("jūras", "mež") == []


def test_a_word_is_complete_if_it_follows_in_some_release(continuations: Continuations) -> None:
    assert continuations.is_complete("meža", "skola")
    assert continuations.is_complete("jauna meža", "skola")
    assert not continuations.is_complete("meža", "skol")
    assert not continuations.is_complete("meža", "skolu")
    assert (continuations.has("meža skola"), continuations.has("jūras mežs")) == (True, False)
    assert not continuations.has_deletions


def test_the_next_words_are_those_right_after_the_whole_text(continuations: Continuations) -> None:
    assert counts(continuations.next_words("meža skola")) == {
        "atvērta": (1, 1, 1)
    }  # a day is after the title
    assert counts(continuations.next_words("skola")) == {"atvērta": (1, 1, 1), "meža": (1, 1, 1)}
    assert counts(continuations.next_words("jauna meža")) == {"skola": (1, 1, 1)}
    assert continuations.next_words("ēka") == []


def test_continuations_by_one_form_add_up() -> None:
    one, other = Continuation("a", 1, 2, 3, 4.0), Continuation("a", 10, 20, 30, 40.0)
    assert one.merge(None) is one
    assert one.merge(other) == Continuation("a", 11, 22, 33, 44.0)


def test_words_of_another_release_do_not_follow(
    save: Save, read_only_index: Callable[[], WhooshEngine], analyzer: Analyzer
) -> None:
    save("a", title="Ziņa", body="Ziņa par mežu. Ziņa par meža skolu meža")
    save("b", title="Skola mežā", body="Te ir skolas un meža")
    save("c", title="Skola meža", body="Te nav nekā no meža")
    engine = read_only_index()
    find = partial(_find_some, engine._searcher, engine._broadening, analyzer)
    continuations = Continuations(engine._suggester_data._words, find, analyzer)
    assert counts(continuations.next_words("meža")) == {"skolu": (1, 1, 1)}
    assert counts(continuations.after("meža", "skol")) == {
        "skola": (2, 0, 0),
        "skolas": (1, 0, 0),
        "skolu": (1, 1, 1),
    }
    assert not continuations.is_complete("meža", "skola")
    assert continuations.next_words("meža skola") == []
