"""What a release announces falls due; what it reports, doubts, repeats or denies does not."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.config import Language
from index.analysis import default_analyzer
from index.mentions.annotated_text import AnnotatedText
from index.mentions.due_dates import find_due
from index.mentions.records import Due

PUBLISHED = date(2017, 11, 27)


def due(text: str, language: Language = "lv", published: date | None = PUBLISHED) -> tuple[Due, ...]:
    return find_due(AnnotatedText(text, language, default_analyzer()), published)


@pytest.mark.parametrize(
    ("text", "place", "days", "kind"),
    [
        ("Likums stāsies spēkā 1. jūlijā.", "1. jūlijā", "2018-07-01", "entry"),
        ("No 2018. gada 1. janvāra mainīsies nodoklis.", "No 2018. gada 1. janvāra", "2018-01-01", "entry"),
        ("Darbus plānots pabeigt līdz gada beigām.", "līdz gada beigām", "2017-12-31", "completion"),
        ("Jauno korpusu pabeigs 2018. gada pirmajā pusgadā.", "2018. gada pirmajā pusgadā",
         "2018-01-01..2018-06-30", "completion"),
        ("Valdība uzdeva līdz 1. martam sagatavot plānu.", "līdz 1. martam", "2018-03-01", "completion"),
        ("Pieteikumi jāiesniedz līdz 15. martam.", "līdz 15. martam", "2018-03-15", "deadline"),
        ("Pieteikšanās līdz 15. martam.", "līdz 15. martam", "2018-03-15", "deadline"),
        ("Deklarāciju var iesniegt no 1. marta līdz 1. jūnijam.", "no 1. marta līdz 1. jūnijam",
         "2018-03-01..2018-06-01", "deadline"),
        ("Aicinām ziņot ne vēlāk kā 5. decembrī.", "ne vēlāk kā 5. decembrī", "2017-12-05", "deadline"),
        ("Konference notiks otrdien, 5. decembrī, Rīgā.", "otrdien, 5. decembrī", "2017-12-05", "event"),
        ("Atklāšana – 5. decembrī.", "5. decembrī", "2017-12-05", "event"),
        ("Mācības notiks no 1. līdz 5. martam.", "no 1. līdz 5. martam", "2018-03-01..2018-03-05", "event"),
        ("Ja tiks atbalstīts, likums stāsies spēkā martā.", "martā", "2018-03-01..2018-03-31", "entry"),
    ],
)  # fmt: skip
def test_what_is_announced_falls_due(text: str, place: str, days: str, kind: str) -> None:
    (one,) = due(text)
    first, _, last = days.partition("..")
    assert text[one.start : one.end] == place
    assert (one.first.isoformat(), one.last.isoformat(), one.kind) == (first, last or first, kind)
    assert text[slice(*one.sentence)] == text


@pytest.mark.parametrize(
    "text",
    [
        "Darbi tika pabeigti 2016. gadā.",
        "Likums stājās spēkā 1. jūlijā.",
        "Iestāde dibināta 1991. gada 5. decembrī.",
        "Projekts nodots decembrī.",
        "Likums nestāsies spēkā 1. jūlijā.",
        "Likums stātos spēkā 1. jūlijā.",
        "Vai likums stāsies spēkā 1. jūlijā?",
        "Diez vai likums stāsies spēkā 1. jūlijā.",
        "Sinoptiķi prognozē, ka 5. decembrī būs sals.",
        "Nodaļa strādās katru dienu no 9.00 līdz 17.00.",
        "Valdība skatīs 2018. gada budžetu.",
        "Šogad saņems balvu.",
        "Valdība lems par programmu „Latvija 2018. gadā”.",
        "Ja ceļu pabeigs decembrī",
        "Plānoti 5 miljoni eiro 2021.–2027. gada plānošanas perioda fondu.",
        "No 20. novembra lauksaimnieki var iesniegt iesniegumus.",
        "Streiks bija paredzēts 2. decembrī.",
        "Būvdarbos, kas sākušies decembrī, strādā simts cilvēku.",
        "Pabalstu pārskaitīs kopā ar decembra pensiju.",
        "No šā gada valsts piešķirs grāmatas.",
        "Šodien pietrūkst laika.",
    ],
)
def test_what_is_not_announced_does_not(text: str) -> None:
    assert due(text) == ()


@pytest.mark.parametrize(
    ("text", "language", "kind"),
    [
        ("The law will come into force on 1 July 2018.", "en", "entry"),
        ("Residents can apply until 14 March.", "en", "deadline"),
        ("Заявки можно подать до 15 апреля.", "ru", "deadline"),
        ("Закон вступит в силу 1 января 2018 года.", "ru", "entry"),
    ],
)
def test_other_languages_announce_too(text: str, language: Language, kind: str) -> None:
    (one,) = due(text, language)
    assert one.kind == kind


def test_each_time_of_a_sentence_has_its_own_matter() -> None:
    text = "Darbus sāks 5. decembrī, pabeigs līdz 31. martam; pieteikumi jāiesniedz līdz 1. decembrim."
    assert [one.kind for one in due(text)] == ["entry", "completion", "deadline"]


def test_a_list_goes_on_as_it_began() -> None:
    text = "Skolas pieteikumus iesniedz līdz 1. martam, bērnudārzi – līdz 5. martam."
    assert [one.kind for one in due(text)] == ["deadline", "deadline"]


def test_a_noun_with_brackets_is_of_the_same_clause() -> None:
    (one,) = due("Pieteikšanās portālā (EPS) ilgs līdz 22. decembrim.")
    assert one.kind == "deadline"


def test_a_season_before_days_is_no_range() -> None:
    text = "Rudens brīvlaiks ilgs no 29. novembra līdz 2. decembrim, pavasara – no 11. līdz 15. martam."
    assert [one.first for one in due(text)] == [date(2017, 11, 29), date(2018, 3, 11)]


def test_without_a_day_nothing_falls_due() -> None:
    assert due("Likums stāsies spēkā 1. jūlijā.", published=None) == ()


PIECES = st.sampled_from(
    "Likums stāsies spēkā līdz no 1. 31. 30. februārim jūlijā jūlija 2018. 9999. gada gadā beigām , – ; un ja"
    " notiks var iesniegt 29. februārī pirmajā pusē ceturksnī 12.12.2018. šā nākamā pirmdien uz".split(" ")
)


@given(st.lists(PIECES, max_size=20).map(" ".join), st.dates(date(1991, 1, 1), date(2100, 1, 1)))
def test_any_text_falls_due_on_or_after_its_day(text: str, published: date) -> None:
    for one in due(text, published=published):
        assert one.first <= one.last
        assert one.last >= published
        assert one.sentence[0] <= one.start < one.end <= one.sentence[1]
