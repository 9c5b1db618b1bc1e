import pytest

from index.engines.whoosh.engine import WhooshEngine
from index.suggest import Completer


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
        ("reforma pens", ["reforma pensija"]),  # only of the same release
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
