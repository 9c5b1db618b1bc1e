import pytest

from tests.searcher.pages.conftest import Page


@pytest.mark.parametrize(
    ("path", "language", "heading"),
    [
        ("/palidziba", "lv", "Kā meklēt"),
        ("/en/help", "en", "How to search"),
        ("/ru/help", "ru", "Как искать"),
        ("/pieklustamiba", "lv", "Piekļūstamības paziņojums"),
        ("/en/accessibility", "en", "Accessibility statement"),
        ("/ru/accessibility", "ru", "Заявление о доступности"),
    ],
)
def test_each_text_is_there_in_each_language(page: Page, path: str, language: str, heading: str) -> None:
    shown = page(path)
    assert f'<html lang="{language}">' in shown
    assert f"<h1>{heading}</h1>" in shown


@pytest.mark.parametrize(
    ("path", "text"),
    [("/palidziba", "skaita vienreiz"), ("/en/help", "is counted once"), ("/ru/help", "один раз")],
)
def test_the_help_says_why_there_are_fewer_results_than_releases(page: Page, path: str, text: str) -> None:
    assert text in page(path)
