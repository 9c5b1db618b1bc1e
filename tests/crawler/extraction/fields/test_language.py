"""The language is that of the text, not of the URL or the captions."""

import gzip
from pathlib import Path

import pytest

from crawler.config import Language
from crawler.extraction.fields.language import declared_language, language_of

LV = "Ministru kabinets otrdien apstiprināja noteikumus, kas nosaka jaunu kārtību pabalstu piešķiršanai."
EN = "On Tuesday the Cabinet of Ministers approved the regulations that set a new procedure for benefits."
RU = "Во вторник Кабинет министров утвердил правила, которые устанавливают новый порядок назначения пособий."
FLORES = Path(__file__).parents[5] / "shared" / "data" / "latvian"


@pytest.mark.parametrize(("text", "language"), [(LV, "lv"), (EN, "en"), (RU, "ru")])
@pytest.mark.parametrize("declared", ["lv", "en", "ru", None])
def test_whole_sentence_overrides_the_declared_language(
    text: str, language: Language, declared: Language | None
) -> None:
    assert language_of(text, declared=declared) == language


@pytest.mark.parametrize(
    ("text", "declared", "language"),
    [
        ("NATO summit", "lv", "lv"),
        ("FOTO", "en", "en"),
        ("", "en", "en"),
        ("Внимание", "lv", "ru"),
        ("", None, "lv"),
    ],
)
def test_short_text_has_the_declared_language(
    text: str, declared: Language | None, language: Language
) -> None:
    assert language_of(text, declared=declared) == language


NAMES = "Helsinki Stockholm Berlin Amsterdam Paris Madrid London Oslo Bern Praha"


@pytest.mark.parametrize(
    ("latvian", "english", "language"),
    [(0, 0, "ru"), (1, 0, "ru"), (0, 1, "ru"), (2, 0, "lv"), (0, 2, "en"), (3, 2, "ru"), (4, 2, "lv")],
)
def test_two_more_words_of_a_language_decide(latvian: int, english: int, language: Language) -> None:
    text = f"{NAMES} {'un ' * latvian}{'the ' * english}"
    assert language_of(text, declared="ru") == language


@pytest.mark.parametrize(
    ("cyrillic", "language"), [(0, "lv"), (49, "lv"), (50, "lv"), (51, "ru"), (100, "ru")]
)
def test_text_is_russian_if_more_than_half_of_its_letters_are(cyrillic: int, language: Language) -> None:
    text = "д" * cyrillic + "d" * (100 - cyrillic)
    assert language_of(text) == language
    # Digits and spaces are no letters.
    assert language_of(f"2024 {text} {'7' * 100}") == language


@pytest.mark.parametrize(
    ("url", "html_lang", "language"),
    [
        ("https://www.iem.gov.lv/lv/jaunums/x", "en", "lv"),
        ("https://www.iem.gov.lv/en/article/x", None, "en"),
        ("https://www.iem.gov.lv/ru/article/x", None, "ru"),
        ("https://www.iem.gov.lv/lat/aktualitates/?doc=1", None, "lv"),
        ("https://www.mfa.gov.lv/index.php/en/news/x", None, "en"),
        ("https://covid19.gov.lv/aktualites/x", "lv", "lv"),
        ("https://vdd.gov.lv/x", "en-GB", "en"),
        ("https://vdd.gov.lv/x", "de", None),
        ("https://vdd.gov.lv/x", None, None),
    ],
)
def test_url_declares_before_the_lang_attribute(
    url: str, html_lang: str | None, language: Language | None
) -> None:
    assert declared_language(url, html_lang) == language


@pytest.mark.skipif(not FLORES.is_dir(), reason="needs the FLORES sentences beside the repository")
@pytest.mark.parametrize("language", ["lv", "en", "ru"])
def test_sentences_of_flores_are_distinguished(language: Language) -> None:
    with gzip.open(FLORES / f"langid-flores-{language}.txt.gz", "rt", encoding="utf-8") as lines:
        sentences = [line.strip() for line in lines][:300]
    right = sum(language_of(sentence) == language for sentence in sentences)
    assert right >= 0.99 * len(sentences)
