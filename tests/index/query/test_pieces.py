import pytest

from index.query import pieces


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("budžets nauda", ["budžets", "nauda"]),
        (
            'virsraksts:budžets -"valsts kase" gads:2017',
            ["virsraksts:budžets", '-"valsts kase"', "gads:2017"],
        ),
        ("kas ir (budžets) VAI par", ["budžets"]),
        ("budžet* =nauda kase~", ["budžet*", "=nauda", "kase~"]),
        ("robežsardze pēc 2024. gada", ["robežsardze", "pēc 2024. gada"]),
        ("", []),
    ],
)
def test_pieces_are_words_phrases_and_filters(text: str, found: list[str]) -> None:
    assert [text[piece.start : piece.end] for piece in pieces(text)] == found


def test_only_plain_words_have_a_word() -> None:
    assert [piece.word for piece in pieces('budžets "nauda" kas* =kase virsraksts:osta')] == [
        "budžets", "", "", "", "osta",
    ]  # fmt: skip


def test_a_piece_names_its_part() -> None:
    text = "budžets virsraksts:osta"
    assert [text[slice(*piece.name)] for piece in pieces(text)] == ["", "virsraksts:"]
