"""The words before a time, and its case, relate it to the sentence."""

from datetime import date

import pytest

from index.analysis import default_analyzer
from index.mentions.annotated_text import AnnotatedText
from index.mentions.due.relations import follows_dash, is_alone, relation_of, start_with_preposition
from index.mentions.due.times import TimeFinder


@pytest.mark.parametrize(
    ("text", "relation", "place"),
    [
        ("Darbus pabeigs līdz 5. maijam", "until", "līdz 5. maijam"),
        ("Darbus pabeigs ne vēlāk kā 5. maijā", "until", "ne vēlāk kā 5. maijā"),
        ("Likums spēkā no 5. maija", "from", "no 5. maija"),
        ("Ar 1. jūliju mainīsies", "from", "Ar 1. jūliju"),
        ("Konference notiks 5. maijā", "in", "5. maijā"),
        ("Konference – 5. maijs", "in", "5. maijs"),
        ("5. maijs", "in", "5. maijs"),
        ("Mācības no 5. līdz 9. maijam", "range", "no 5. līdz 9. maijam"),
        ("Svinēs 5. maija svētkus", None, None),
        ("Notiks pēc 5. maija", None, None),
        ("likums „Par budžetu 2018. gadā”", None, None),
    ],
)
def test_a_time_is_related_to_its_sentence(text: str, relation: str | None, place: str | None) -> None:
    annotated, sentence = AnnotatedText(text, "lv", default_analyzer()), (0, len(text))
    (time,) = TimeFinder(annotated, date(2017, 11, 27)).find(0, len(text))
    assert relation_of(annotated, time, sentence) == relation
    if place:
        assert text[start_with_preposition(text, time, sentence) : time.end] == place


def test_a_time_alone_and_one_after_a_dash_need_no_verb() -> None:
    text = "Sākums: 5. maijs"
    annotated = AnnotatedText(text, "lv", default_analyzer())
    (time,) = TimeFinder(annotated, date(2017, 11, 27)).find(0, len(text))
    assert follows_dash(text, time.start, (0, len(text)))
    assert not is_alone(text, time, (0, len(text)))
    assert is_alone(text, time, (8, len(text)))
