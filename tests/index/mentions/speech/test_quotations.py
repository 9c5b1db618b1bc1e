"""Quotations are found in every kind of marks."""

import pytest

from index.mentions.speech.quotations import find_quotations


@pytest.mark.parametrize(
    ("text", "quoted"),
    [
        ("Viņš teica: „Jā.” Un „nē“.", ["„Jā.”", "„nē“"]),
        ("“Jā,” viņš teica.", ["“Jā,”"]),
        ('Viņš: "Nē", un (“jā”).', ['"Nē"', "“jā”"]),
        ("«Jautājums nav „kas”, bet „kā”,» viņš teica.", ["«Jautājums nav „kas”, bet „kā”,»"]),
        ("„Viens.\n\n„Divi,” viņš teica.", ["„Viens.\n\n„Divi,”"]),
        ("„Viens.\n\nDivi,” viņš teica.", ["„Viens.\n\nDivi,”"]),
        ("Nekas.” Tad „viens", []),
    ],
)
def test_quotations(text: str, quoted: list[str]) -> None:
    assert [text[found.start : found.end] for found in find_quotations(text)] == quoted
