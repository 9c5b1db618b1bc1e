"""Only where a word or figure names a time may one be found."""

from datetime import date

import pytest

from crawler.config import Language
from index.analysis import default_analyzer
from index.mentions.annotated_text import AnnotatedText
from index.mentions.due.times import TimeFinder


@pytest.mark.parametrize(
    ("text", "language", "expected"),
    [
        ("Iegūta 5. vieta, piedalījās 1500 bērnu.", "lv", False),
        ("Pērn un vakar tas vēl nebija zināms.", "lv", False),
        ("Sāksies 5. maijā.", "lv", True),
        ("Sāksies 27.11.2017.", "lv", True),
        ("Mācības no 1. līdz 15. datumam.", "lv", True),
        ("Darbus pabeigs nākamgad.", "lv", True),
        ("It starts on Monday.", "en", True),
        ("Yesterday 1500 schools agreed.", "en", False),
    ],
)
def test_times_are_looked_for_only_where_they_may_be(text: str, language: Language, expected: bool) -> None:
    finder = TimeFinder(AnnotatedText(text, language, default_analyzer()), date(2017, 11, 27))
    assert finder.may_find(0, len(text)) is expected
