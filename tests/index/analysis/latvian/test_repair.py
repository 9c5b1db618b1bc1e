import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.analysis.latvian.repair import repair

TEXT = "Iekšlietu ministrijas valsts sekretārs ļoti priecājas par ķēniņu “Rīgā”"


def as_read_by(encoding: str, text: bytes) -> str:
    """Decode as browsers do: bytes that the encoding leaves undefined map to themselves."""
    return "".join(bytes([byte]).decode(encoding, "ignore") or chr(byte) for byte in text)


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("cp1257", "cp1252"),
        ("cp1257", "latin-1"),
        ("utf-8", "cp1252"),
        ("utf-8", "latin-1"),
        ("utf-8", "cp1257"),
    ],
)
def test_text_decoded_with_the_wrong_encoding_is_repaired(written: str, read: str) -> None:
    repaired = repair(as_read_by(read, TEXT.encode(written)))
    assert repaired is not None
    assert repaired.text == TEXT


def test_starts_map_to_the_original_text() -> None:
    repaired = repair("par drošÄ\xabbu")
    assert repaired is not None
    assert repaired.text == "par drošību"
    assert list(repaired.starts[repaired.text.index("ī") :]) == [8, 10, 11, 12]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Drošība Baltijas jūras reģionā",
        "Crème brûlée à la carte",
        "Müller und Straße, Ärzte, Ångström",
        "þetta er íslenska með Ð og þ, šis ir latviešu",
        "The ministers met José García, María Rodríguez and François Lefèvre. "
        + "They spoke of security. " * 20,
        "Министерство внутренних дел",
    ],
)
def test_correct_text_is_left_alone(text: str) -> None:
    assert repair(text) is None


@given(st.text(alphabet=st.sampled_from("ÄÅâðïíìòþçèâîûāš«¼“€\x81 ab")))
def test_starts_ascend_for_any_text(text: str) -> None:
    repaired = repair(text)
    if repaired:
        assert len(repaired.starts) == len(repaired.text) + 1
        assert repaired.starts[-1] == len(text)
        assert list(repaired.starts) == sorted(set(repaired.starts))


@pytest.mark.parametrize(
    ("misread", "is_repaired"),
    [
        ("ðâ", False),  # two letters, as in French or Icelandic
        ("ðâî", True),
        ("ðâî" + "x" * 147, True),  # one in fifty
        ("ðâî" + "x" * 148, False),
        ("ðâîþ" + "x" * 196, True),
        ("ðâî ā", False),  # some letters are right
        ("ÄÅÄ", False),  # suspect, but nothing explains them
    ],
)
def test_enough_letters_must_be_misread(misread: str, *, is_repaired: bool) -> None:
    assert (repair(misread) is not None) == is_repaired


def test_letters_misread_one_by_one_keep_their_places() -> None:
    repaired = repair("ðâî ÞÐÂ \x80 €")
    assert repaired is not None
    assert (repaired.text, list(repaired.starts)) == ("šāī ŽŠĀ € €", list(range(12)))


def test_the_encoding_that_explains_more_is_taken() -> None:
    text = "ķēniņš “Ž” – ģ"
    repaired = [repair(as_read_by(encoding, text.encode())) for encoding in ("cp1252", "cp1257")]
    assert [one.text for one in repaired if one] == [text, text]
