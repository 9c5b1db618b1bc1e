import re
from collections import Counter
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

import searcher
from index.query import BY_NAME
from searcher.i18n import interfaces

FOLDER = Path(searcher.__file__).parent


@pytest.mark.parametrize(
    ("number", "expected"),
    [
        (0, "0 rezultātu"),
        (1, "1 rezultāts"),
        (2, "2 rezultāti"),
        (10, "10 rezultātu"),
        (11, "11 rezultātu"),
        (21, "21 rezultāts"),
        (22, "22 rezultāti"),
        (111, "111 rezultātu"),
        (1234, "1\u00a0234 rezultāti"),
    ],
)
def test_latvian_counts_are_declined(number: int, expected: str) -> None:
    assert interfaces()["lv"].count("%(num)s result", "%(num)s results", number) == expected


def test_dates_are_formatted_by_language() -> None:
    day = date(2017, 11, 27)
    assert (interfaces()["lv"].date(day), interfaces()["en"].date(day)) == ("27.11.2017.", "27 Nov 2017")


@pytest.mark.parametrize(
    ("number", "expected"),
    [
        (0, "0 результатов"),
        (1, "1 результат"),
        (2, "2 результата"),
        (5, "5 результатов"),
        (11, "11 результатов"),
        (21, "21 результат"),
        (22, "22 результата"),
        (112, "112 результатов"),
    ],
)
def test_russian_counts_are_declined(number: int, expected: str) -> None:
    assert interfaces()["ru"].count("%(num)s result", "%(num)s results", number) == expected


def _days(first: tuple[int, int], last: tuple[int, int]) -> tuple[str, ...]:
    """Return two days of 2020 in the three languages; a month and a year have names of their own."""
    days = [date(2020, *first), date(2020, *last)]
    return tuple(" – ".join(map(one.date, days)) for one in interfaces().values())


@pytest.mark.parametrize(
    ("first", "last", "texts"),
    [
        (date(2020, 1, 1), date(2020, 12, 31), ("2020", "2020", "2020")),
        (date(2019, 1, 1), date(2020, 12, 31), ("2019–2020", "2019–2020", "2019–2020")),
        (date(2020, 2, 1), date(2020, 2, 29), ("2020. gada februāris", "February 2020", "февраль 2020 г.")),
        *(
            (date(2020, *first), date(2020, *last), _days(first, last))
            for first, last in (((2, 1), (3, 31)), ((2, 1), (2, 28)), ((2, 2), (2, 29)), ((1, 2), (12, 31)))
        ),
        (date(2020, 2, 1), None, ("no 01.02.2020.", "since 1 Feb 2020", "с 01.02.2020")),
        (None, date(2020, 2, 1), ("līdz 01.02.2020.", "until 1 Feb 2020", "до 01.02.2020")),
        (date(2020, 2, 1), date(2020, 2, 1), ("01.02.2020.", "1 Feb 2020", "01.02.2020")),
    ],
)
def test_a_period_is_named_as_people_do(
    first: date | None, last: date | None, texts: tuple[str, ...]
) -> None:
    assert tuple(one.period(first, last) for one in interfaces().values()) == texts


@pytest.mark.parametrize(
    ("name", "value", "labels"),
    [
        ("language", "lv", ("latviešu", "Latvian", "латышский")),
        ("has", "gone", ("kuru vietnē vairs nav", "no longer on the site", "которых на сайте больше нет")),
        ("attachment_type", "pdf", ("PDF fails", "PDF file", "файл PDF")),
        ("category", "NATO", ("NATO",) * 3),
    ],
)
def test_a_value_of_a_filter_is_named_unless_institutions_name_it(
    name: str, value: str, labels: tuple[str, ...]
) -> None:
    assert tuple(one.value(BY_NAME[name], value) for one in interfaces().values()) == labels


def test_two_moments_of_one_day_have_their_times() -> None:
    latvian, noon = interfaces()["lv"], datetime(2026, 3, 1, 10, tzinfo=UTC)
    assert latvian.moments(noon, noon + timedelta(1)) == ("01.03.2026.", "02.03.2026.")
    assert latvian.moments(noon, noon + timedelta(hours=1)) == (
        "01.03.2026. plkst. 12:00",
        "01.03.2026. plkst. 13:00",
    )


@pytest.mark.parametrize("language", ["lv", "ru"])
def test_each_text_of_the_templates_has_a_translation(language: str) -> None:
    with (FOLDER / "translations" / f"{language}.po").open("rb") as file:
        known = {message.id for message in read_po(file) if message.string}
    used = {
        text
        for template in (FOLDER / "templates").glob("*.html")
        for quoted in re.findall(r"""\b_\((?:"([^"]+)"|'([^']+)')\)""", template.read_text(encoding="utf-8"))
        for text in quoted
        if text
    }
    assert used - known == set()


@pytest.mark.parametrize("language", ["lv", "en", "ru"])
def test_each_text_is_translated_once(language: str) -> None:
    lines = (FOLDER / "translations" / f"{language}.po").read_text(encoding="utf-8").splitlines()
    counts = Counter(line for line in lines if line.startswith("msgid "))
    assert len(counts) > 20
    assert [line for line, count in counts.items() if count > 1] == []


@pytest.mark.parametrize("language", ["lv", "en", "ru"])
def test_each_translation_is_used(language: str) -> None:
    with (FOLDER / "translations" / f"{language}.po").open("rb") as file:
        ids = [message.id for message in read_po(file) if message.id]
    sources = "".join(
        path.read_text(encoding="utf-8")
        for ending in ("html", "txt", "xml", "py")
        for path in FOLDER.rglob(f"*.{ending}")
    )
    starts = tuple(re.findall(r"""["']([a-z-]+-)["'] ~|["']([a-z-]+-)\{""", sources))
    made = tuple(start for pair in starts for start in pair if start)
    texts = [id_ if isinstance(id_, str) else id_[0] for id_ in ids]
    unused = [text for text in texts if text.replace('"', '\\"') not in sources and text not in sources]
    # Errors of parameters are put together from their limits.
    assert [text for text in unused if not text.startswith((*made, "must be ", "reaches only "))] == []
