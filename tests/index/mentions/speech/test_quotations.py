"""Quotations are found in every kind of marks."""

import pytest

from index.mentions.speech.quotations import Quotation, find_quotations


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
        ("„Viens.” Divi.” Trīs", ["„Viens.”"]),
        ("", []),
        ('"', []),
        ('Viņš ("jā", "nē") –"jā"– un -"tā"-.', ['"jā"', '"nē"', '"jā"', '"tā"']),
        ('Garums 5" un ["jā"]', ['"jā"']),
        # A mark at the beginning of a paragraph goes on with the speech; within one it is another.
        ("„Viens.\n\n  „Divi.”", ["„Viens.\n\n  „Divi.”"]),
        ("„Viens.\n\nun „Divi.” ir.”", ["„Viens.\n\nun „Divi.” ir.”"]),
        # Without a closing mark it ends after four paragraphs.
        (
            "„Viens.\n\nDivi.\n\nTrīs.\n\nČetri.” Un „pieci”",
            ["„Viens.\n\nDivi.\n\nTrīs.\n\nČetri.”", "„pieci”"],
        ),
        ("„Viens.\n\nDivi.\n\nTrīs.\n\nČetri.\n\nUn „pieci” un", ["„pieci”"]),
    ],
)
def test_quotations(text: str, quoted: list[str]) -> None:
    assert [text[found.start : found.end] for found in find_quotations(text)] == quoted


@pytest.mark.parametrize(
    ("before", "quoted", "after", "is_speech"),
    [
        ("Viņš saka ", "„viens divi trīs četri pieci seši”", ".", True),  # six words
        ("Viņš saka ", "„viens divi trīs četri pieci”", ".", False),
        ("Viņš saka ", "„jā,”", " un", True),
        ("Viņš saka ", "„jā!”", " un", True),
        ("Viņš saka ", "„jā…”", " un", True),
        ("Viņš saka ", "„jā;”", " un", False),
        ("Viņš saka ", "„jā”", ", – un", True),
        ("Viņš saka ", "„jā”", ", un", False),
        ("Viņš saka: ", "„jā”", " un", True),
        ("Viņš saka:", "„jā”", " un", False),
        ("", "„”", "", False),
    ],
)
def test_a_quotation_is_speech_by_its_length_or_the_signs_around_it(
    before: str, quoted: str, after: str, is_speech: bool
) -> None:
    found = Quotation(len(before), len(before + quoted))
    assert found.is_speech(before + quoted + after) == is_speech
