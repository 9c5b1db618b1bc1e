"""Amounts are exact, have their unit or noun, and are not dates, telephones or numbers of acts."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.config import Language
from index.analysis import default_analyzer
from index.mentions.amounts import find_amounts
from index.mentions.annotated_text import AnnotatedText
from index.mentions.records import Amount


def amounts(text: str, language: Language = "lv") -> tuple[Amount, ...]:
    return find_amounts(AnnotatedText(text, language, default_analyzer()))


@pytest.mark.parametrize(
    ("text", "place", "value", "unit"),
    [
        ("saņems 500 eiro katrs", "500 eiro", "500", "EUR"),
        ("5,2 miljoni latu", "5,2 miljoni latu", "5200000", "LVL"),
        ("1,65 miljardi eiro", "1,65 miljardi eiro", "1650000000", "EUR"),
        ("120 tūkst. eiro", "120 tūkst. eiro", "120000", "EUR"),
        ("20 000 eiro", "20 000 eiro", "20000", "EUR"),
        ("1.250,50 EUR", "1.250,50 EUR", "1250.50", "EUR"),
        ("EUR 75", "EUR 75", "75", "EUR"),
        ("€ 5", "€ 5", "5", "EUR"),
        ("30 ASV dolāru", "30 ASV dolāru", "30", "USD"),
        ("pieaugs par 2,8 % gadā", "2,8 %", "2.8", "%"),
        ("12 procentiem", "12 procentiem", "12", "%"),
        ("0,702804 lati", "0,702804 lati", "0.702804", "LVL"),
        ("420 kilometrus", "420 kilometrus", "420", "km"),
    ],
)
def test_a_unit_is_read(text: str, place: str, value: str, unit: str) -> None:
    (one,) = amounts(text)
    assert text[one.start : one.end] == place
    assert (one.value, one.unit, one.noun) == (Decimal(value), unit, None)


@pytest.mark.parametrize(
    ("text", "value", "noun"),
    [
        ("saņemti 37 pieteikumi", 37, "pieteikums"),
        ("piedalās 1 800 karavīru", 1800, "karavīrs"),
        ("11 novērošanas torņi", 11, "tornis"),
        ("indeksēs 535 000 pensiju", 535000, "pensija"),
        ("atjaunots 61 logs", 61, "logs"),
        ("890 tūkstoši cilvēku", 890000, "cilvēks"),
    ],
)
def test_a_count_has_its_noun(text: str, value: int, noun: str) -> None:
    (one,) = amounts(text)
    assert (one.value, one.unit, one.noun) == (Decimal(value), "", noun)


@pytest.mark.parametrize(
    "text",
    [
        "2017. gada 27. novembrī",
        "likuma 23. pants",
        "Tālrunis: 67219363",
        "tālr. 67 000 198 tel.",
        "MK noteikumi Nr. 445 stājas spēkā",
        "plkst. 10.00 sākas sanāksme",
        "no 9:00 līdz 17:30",
        "pēc 30 dienām",
        "65 gadu vecumā",
        "2016/679",
        "10. klase",
        "Dīķa iela 5",
        "ANO 187 Ģenerālajā",
    ],
)
def test_other_numbers_are_no_amounts(text: str) -> None:
    assert amounts(text) == ()


@pytest.mark.parametrize(
    ("text", "language", "value", "unit"),
    [
        ("It costs 1,250.50 euros", "en", "1250.50", "EUR"),
        ("2.5 million euro", "en", "2500000", "EUR"),
        ("$40", "en", "40", "USD"),
        ("15 миллионов евро", "ru", "15000000", "EUR"),
        ("7,5 %", "ru", "7.5", "%"),
    ],
)
def test_other_languages_have_their_separators(text: str, language: Language, value: str, unit: str) -> None:
    (one,) = amounts(text, language)
    assert (one.value, one.unit) == (Decimal(value), unit)


@given(st.text(st.sampled_from("0123456789 .,%€-/:eiromlj\n"), max_size=40))
def test_places_of_any_text_are_in_order(text: str) -> None:
    end = 0
    for one in amounts(text):
        assert end <= one.start < one.end <= len(text)
        end = one.end
