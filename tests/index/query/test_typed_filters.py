from datetime import date

import pytest

from index.analysis import Analyzer, default_analyzer
from index.query import Everything, Filters, KnownValues, Note, NoteKind, drop_days, drop_times, parse
from tests.support.queries import MINISTRIES, TODAY, Parse


@pytest.mark.parametrize(
    ("text", "filters"),
    [
        ("gads:2017", Filters(published_from=date(2017, 1, 1), published_to=date(2017, 12, 31))),
        ("no:2017-05 līdz:2018", Filters(published_from=date(2017, 5, 1), published_to=date(2018, 12, 31))),
        ("from:27.11.2017", Filters(published_from=date(2017, 11, 27))),
        (
            'datums:"pagājušajā nedēļā"',
            Filters(published_from=date(2026, 11, 16), published_to=date(2026, 11, 22)),
        ),
        ("gads:2019-2021", Filters(published_from=date(2019, 1, 1), published_to=date(2021, 12, 31))),
        ('gads:"2019–2021"', Filters(published_from=date(2019, 1, 1), published_to=date(2021, 12, 31))),
        ('no:"27/11/2017"', Filters(published_from=date(2017, 11, 27))),
        ("līdz:7.2024", Filters(published_to=date(2024, 7, 31))),
        ("kopš:2024-01-01", Filters(published_from=date(2024, 1, 1))),
        ("kops:03.2024", Filters(published_from=date(2024, 3, 1))),
        (
            "since:2024 until:2024-03",
            Filters(published_from=date(2024, 1, 1), published_to=date(2024, 3, 31)),
        ),
        ("с:2024 по:2025", Filters(published_from=date(2024, 1, 1), published_to=date(2025, 12, 31))),
        ("pēc:2024", Filters(published_from=date(2025, 1, 1))),
        ("after:2024", Filters(published_from=date(2025, 1, 1))),
        ("pirms:2015", Filters(published_to=date(2014, 12, 31))),
        ("before:03.2015", Filters(published_to=date(2015, 2, 28))),
        ("no:2017.27.11", Filters(published_from=date(2017, 11, 27))),
        ("valoda:angļu", Filters(languages=("en",))),
        ("lang:ru", Filters(languages=("ru",))),
        ("ministrija:iekšlietu", Filters(ministries=("Iekšlietu ministrija",))),
        ('iestade:"valsts pol"', Filters(ministries=("Valsts policija",))),
    ],
)
def test_typed_filters_become_filters(read: Parse, text: str, filters: Filters) -> None:
    query = read(f"{text} drošība")
    assert query.filters == filters
    assert query.reading == f"drošība {text}"


@pytest.mark.parametrize(
    ("text", "filters"),
    [
        ("ministrija:iekšlietu ministrija:ārlietu", Filters(ministries=MINISTRIES[:2])),
        ("ministrija:ārlietu VAI iestāde:policija", Filters(ministries=MINISTRIES[1:])),
        ("valoda:en valoda:ru", Filters(languages=("en", "ru"))),
        ("gads:2015 gads:2017", Filters(published_from=date(2015, 1, 1), published_to=date(2017, 12, 31))),
        ("-ministrija:policija", Filters(ministries=MINISTRIES[:2])),
        ("NE ministrija:policija", Filters(ministries=MINISTRIES[:2])),
        ("-ministrija:policija -ministrija:ārlietu", Filters(ministries=MINISTRIES[:1])),
        ("-valoda:lv", Filters(languages=("en", "ru"))),
        ("valoda:lv valoda:en -valoda:en", Filters(languages=("lv",))),
        ("-no:2017", Filters(published_to=date(2016, 12, 31))),
        ("-līdz:2017", Filters(published_from=date(2018, 1, 1))),
        ("-pēc:2017", Filters(published_to=date(2017, 12, 31))),
        ("-pirms:2017", Filters(published_from=date(2017, 1, 1))),
        ("-līdz:9999", Filters(published_from=date(9999, 12, 31))),
        (
            "valoda:lv -valoda:lv",
            Filters(published_from=date.max, published_to=date.min),
        ),  # excludes all
    ],
)
def test_values_of_a_field_are_alternatives_and_negated_ones_exclude(
    read: Parse, text: str, filters: Filters
) -> None:
    query = read(f"drošība {text}")
    assert (query.filters, query.clause) == (filters, read("drošība").clause)


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("-gads:2017", "no exclusion"),
        ("-ministrija:nezināma", "no institution"),
        ("NOT valoda:xx", "no language"),
        ("ministrija:nezināma", "no institution"),
        ('iestāde:"nav tādas"', "no institution"),
        ('iestāde:"iekšlietu policija"', "no institution"),  # each word begins one of another name
        ("valoda:xx", "no language"),
        ("gads:abc", "no date"),
        ("no:31.02.2017", "no date"),
        ("laikā:9999", "future"),
    ],
)
def test_a_filter_that_means_nothing_is_ignored_with_a_note(read: Parse, text: str, kind: NoteKind) -> None:
    query = read(f"{text} drošība")
    assert (query.filters, query.ignored, query.notes) == (Filters(), (text,), (Note(kind, text),))
    assert query.clause == read("drošība").clause


def test_a_filter_that_means_nothing_is_words_if_nothing_else_is_typed(read: Parse) -> None:
    query = read("gads:abc")
    assert (query.reading, query.ignored, query.notes) == ("gads abc", (), (Note("no date", "gads:abc"),))
    assert read("gads:abc valoda:lv").clause == Everything()


@pytest.mark.parametrize(
    ("typed", "ministries"),
    [
        ("IeM", MINISTRIES[:1]),
        ("iem", MINISTRIES[:1]),
        ('"vp"', MINISTRIES[2:]),
        ("drosiba", MINISTRIES[::2]),
        ("iekš", MINISTRIES[:1]),
        ("iem.", MINISTRIES[:1]),
        ("ie", MINISTRIES[:1]),
    ],
)
def test_an_institution_may_be_given_by_a_short_name(
    read: Parse, typed: str, ministries: tuple[str, ...]
) -> None:
    aliases = {"iem": MINISTRIES[:1], "vp": MINISTRIES[2:], "drosiba": MINISTRIES[::2]}
    query = read(f"ministrija:{typed}", aliases=aliases)
    assert (query.filters.ministries, query.clause) == (ministries, Everything())


def test_negated_values_are_removed_from_the_chosen_ones(read: Parse) -> None:
    chosen = Filters(ministries=MINISTRIES[:2])
    assert read("-ministrija:ārlietu", filters=chosen).filters.ministries == MINISTRIES[:1]


def test_typed_filters_narrow_the_chosen_ones(read: Parse) -> None:
    query = read("gads:2017", filters=Filters(published_from=date(2017, 6, 1), languages=("lv",)))
    assert query.filters == Filters(
        languages=("lv",), published_from=date(2017, 6, 1), published_to=date(2017, 12, 31)
    )


def test_without_names_of_ministries_none_matches(analyzer: Analyzer) -> None:
    query = parse("ministrija:policija", analyzer=analyzer, today=TODAY)
    assert query.filters == Filters()


def test_chosen_filters_stay(read: Parse) -> None:
    chosen = Filters(ministries=MINISTRIES[:1], languages=("lv",), published_to=date(2017, 1, 1))
    assert read("drošība", filters=chosen).filters == chosen


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("budžets gads:2019", "budžets"),
        ("no:2017 budžets līdz:2018 ministrija:FM", "budžets ministrija:FM"),
        ('datums:"pagājušajā nedēļā" nodokļi', "nodokļi"),
        ('"gads:2019" budžets', '"gads:2019" budžets'),
        ("gads 2019", "gads 2019"),
        ("budžets pēc 2019. gada valoda:lv", "budžets valoda:lv"),
    ],
)
def test_typed_days_can_be_dropped(text: str, kept: str) -> None:
    assert drop_days(text, today=TODAY) == kept


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("versijas: budžets", "budžets"),
        ("budžets версии:все gads:2019", "budžets gads:2019"),
        ("Laika:2020-03..2020-06 budžets", "budžets"),
        ('"laikā:2019" budžets', '"laikā:2019" budžets'),
        ("versijas", "versijas"),
    ],
)
def test_what_asks_for_earlier_texts_can_be_dropped(text: str, kept: str) -> None:
    assert drop_times(text) == kept


@pytest.mark.parametrize("text", ["-fails:pdf", "NE файл:pdf", "-filetype:excel"])
def test_a_value_beside_others_cannot_be_excluded(read: Parse, text: str) -> None:
    """A release may have this type of attachment and another one."""
    query = read(f"budžets {text} fails:docx")
    assert query.filters == Filters(attachment_types=("docx",))
    assert query.notes == (Note("no exclusion", text),)


def test_the_whole_name_of_a_value_means_it_alone() -> None:
    names = ("Valsts policijas koledža", "Valsts policija", "Rīgas valsts policija")
    known = {"ministry": KnownValues(names, {})}
    for text, meant in (
        ('"VALSTS policija"', names[1:2]),
        ('"valsts policijas"', names[:1]),
        ("policija", names),
    ):
        query = parse(f"ministrija:{text}", analyzer=default_analyzer(), today=TODAY, known=known)
        assert {*query.filters.ministries} == {*meant}
