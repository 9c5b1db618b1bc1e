import re
from datetime import date
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

import searcher
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


def test_each_text_of_the_templates_has_a_translation() -> None:
    with (FOLDER / "translations" / "lv.po").open("rb") as file:
        known = {message.id for message in read_po(file) if message.string}
    used = {
        text
        for template in (FOLDER / "templates").glob("*.html")
        for quoted in re.findall(r"""\b_\((?:"([^"]+)"|'([^']+)')\)""", template.read_text(encoding="utf-8"))
        for text in quoted
        if text
    }
    assert used - known == set()
