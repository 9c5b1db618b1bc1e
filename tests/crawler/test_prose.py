"""What a page says of how its text came to be."""

import pytest

from crawler.markup import parsed
from crawler.prose import is_machine_translated


@pytest.mark.parametrize(
    "notice",
    [
        "This page has been translated automatically.",
        "Automatic translation",
        "Machine-translated text",
        "The text was translated by a machine.",
        "Mašīntulkojums",
        "Teksts ir tulkots automātiski",
        "Automātiski iztulkots teksts",
        "Машинный перевод",
        "Автоматический перевод",
        "Текст переведен автоматически",
    ],
)
def test_notice_of_machine_translation_is_known(notice: str) -> None:
    assert is_machine_translated(parsed(f"<h1>Title</h1><p>{notice}</p><p>Text of the release.</p>"))


@pytest.mark.parametrize(
    "text",
    [
        "Ministry translates laws into five languages",
        "Ministrija tulko likumus piecās valodās",
        "Министерство переводит законы",
        "<a href=/mt>Machine translation</a>",
    ],
)
def test_text_about_translation_is_no_notice(text: str) -> None:
    assert not is_machine_translated(parsed(f"<h1>Title</h1><p>{text}</p>"))
