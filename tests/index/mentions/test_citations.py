"""Citations of all kinds are found in order and never overlap."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from index.analysis import default_analyzer
from index.mentions.annotated_text import AnnotatedText
from index.mentions.citations import find_citations
from index.mentions.records import Citation

TEXT = (
    "Saeima vērtēs grozījumus Imigrācijas likumā (22-TA-1115). Tos paredz Regula (ES) 2016/679 un "
    "MK noteikumi Nr. 445. Imigrācijas likums mainīsies."
)


def citations(text: str) -> tuple[Citation, ...]:
    return find_citations(AnnotatedText(text, "lv", default_analyzer()))


def test_all_kinds_are_found_in_order() -> None:
    assert [(one.act, one.kind) for one in citations(TEXT)] == [
        ("Imigrācijas likums", "law"),
        ("22-TA-1115", "draft"),
        ("32016R0679", "european"),
        ("MK 445", "regulation"),
        ("Imigrācijas likums", "law"),
    ]


PIECES = st.sampled_from(
    [
        *TEXT.split(),
        "likumā",
        "„",
        "”",
        '"',
        "Par",
        "Nr.",
        "MK",
        "noteikumi",
        "2017.",
        "gada",
        "28.",
        "marta",
        "\n",
        "/",
    ]
)


@given(st.lists(PIECES, max_size=30).map(" ".join) | st.text(max_size=60))
def test_citations_of_any_text_are_places_in_order(text: str) -> None:
    found = citations(text)
    assert all(0 <= one.start < one.end <= len(text) for one in found)
    assert all(one.end <= other.start for one, other in pairwise(found))
