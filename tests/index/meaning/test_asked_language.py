import pytest

from index.analysis import Analyzer
from index.meaning import RelatedWords
from index.query import Language


@pytest.fixture(scope="module")
def related_words() -> RelatedWords:
    return RelatedWords(Analyzer())


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("tanki", "lv"),
        ("koronavīruss", "lv"),  # no dictionary has it, but its letters are Latvian
        ("bernu nauda", "lv"),  # typed without diacritics
        ("lidosta covid sertifikats", "lv"),
        ("mandatory conscription", "en"),
        ("what about the minimum wage", "en"),
        ("new prison in Liepāja", "en"),
        ("латыши в Ирландии", "ru"),
        ("учения NATO", "ru"),
        ("Rail Baltica", None),  # names and abbreviations
        ("Dombrava", None),
        ("NATO", None),
        ("radio", None),  # of both
        ("fence Belarus robeža", None),
        ("2024 112", None),
        ("to no", None),
        ("", None),
    ],
)
def test_the_language_of_a_query_is_that_of_all_its_telling_words(
    related_words: RelatedWords, text: str, language: Language | None
) -> None:
    assert related_words.language_of(text) == language
