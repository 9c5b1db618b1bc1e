"""Drafts are found by their numbers."""

import pytest

from index.mentions.acts.drafts import find_drafts


@pytest.mark.parametrize(
    ("text", "keys"),
    [
        ("projekts (22-TA-1115) portālā", ["22-TA-1115"]),
        ("VSS-1086, izsludināts", ["VSS-1086"]),
        ("likumprojekts (Nr. 1234/Lp13) un Nr. 12 / Lp14.", ["1234/Lp13", "12/Lp14"]),
        ("tapportals.example/22-TA-1115", []),
        ("kods 122-TA-1115 un LVSS-10", []),
    ],
)
def test_drafts_are_found_by_number(text: str, keys: list[str]) -> None:
    assert [act.key for act in find_drafts(text)] == keys


def test_an_announced_draft_is_of_a_kind_of_its_own() -> None:
    assert [act.kind for act in find_drafts("22-TA-1115, VSS-10, 5/Lp14")] == ["draft", "announced", "draft"]
