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
