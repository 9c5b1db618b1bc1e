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


@pytest.mark.parametrize(
    ("path", "texts"),
    [
        (
            "/pieklustamiba",
            ("Daļēji atbilst", "sagatavots: 03.12.2026.", "tiesībsargam", "adresi vēl nav norādījis"),
        ),
        (
            "/en/accessibility",
            ("Partially compliant", "prepared on 3 Dec 2026.", "Ombudsman", "has given no address yet"),
        ),
        (
            "/ru/accessibility",
            (
                "Соответствует частично",
                "Дата подготовки заявления: 03.12.2026.",
                "омбудсмену",
                "ещё не указал адрес",
            ),
        ),
    ],
)
def test_the_statement_has_a_status_a_date_and_whom_to_complain_to(
    page: Page, path: str, texts: tuple[str, ...]
) -> None:
    shown = page(path)
    assert [text for text in texts if text not in shown] == []
