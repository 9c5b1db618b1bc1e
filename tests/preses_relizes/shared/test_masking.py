import pytest
from hypothesis import given
from hypothesis import strategies as st

from preses_relizes.shared.masking import DOT, mask


@pytest.mark.parametrize(
    "text",
    [
        "Zvaniet 67000001.",
        "Tālr.: 6700 0001",
        "tālrunis +371 67 000 001",
        "mob. 20000001, ",
        "(+371) 2000-0001",
        "00371 67000001",
        "rakstiet zita.paraudzina@iem.example",
        "zita(at)iem.example",
        "zita (pie) iem.example",
        "67 00 00 01",
        "67-000-001",
        "670 000 01",
        "Zvaniet 67 000 001!",
        "pa tālruņa numuru 67 000 001",
        "pa tālruņiem 67 000 001",
        "+44 20 7000 0000",
        "+1 (202) 555-0000",
        "+370 600 00000",
        "8000-0001",
        "Bezmaksas līnija: 800 00 001",
    ],
)
def test_numbers_and_addresses_are_masked(text: str) -> None:
    assert DOT in mask(text)
    assert not any(piece in mask(text) for piece in ("000", "iem.", "zita"))


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("Zvaniet 67000001.", "Zvaniet ••••••••."),
        ("Tālr.: 6700 0001", "Tālr.: •••• ••••"),
        ("pa tālruņa numuru 67 000 001", "pa tālruņa numuru •• ••• •••"),
        ("mob. 12345678", "mob. ••••••••"),
        ("(+371) 2000-0001", "(+•••) ••••-••••"),
    ],
)
def test_the_words_before_a_number_stay(text: str, masked: str) -> None:
    assert mask(text) == masked


@pytest.mark.parametrize(
    "text",
    [
        "Zvanot 112 vai 1881.",
        "Piešķirti 25 000 000 eiro un 25000000 EUR.",
        "Reģistrācijas Nr. 40003000000, konts LV00BANK0000000000000.",
        "Laikā no 01.01.2020. līdz 31.12.2020.",
        "Likums Nr. 2017/1128 un 20 170 000 vienības",
        "2017.-2020. gadā 6,7 %",
        "ES fondu 2021-2027 plānošanas periods",
        "2018 2019 2020 2021",
        "EUR 25000000",
        "Pieaugums: +25 000 000 un +120 cilvēku",
        "22 450 000 iedzīvotāju",
        "80 000 000 kubikmetru",
        "no 8000-9000 cilvēku",
        "8012 2500 eiro",
        "Dati par 2020-12-31 un 2021-01-31",
    ],
)
def test_other_numbers_stay(text: str) -> None:
    assert mask(text) == text


@given(st.text(max_size=300))
def test_masking_keeps_the_length(text: str) -> None:
    assert len(mask(text)) == len(text)
