import pytest

from index.segment.postings import array_prefix


@pytest.mark.parametrize(
    ("field", "prefix"),
    [
        ("id", "id"),
        ("words", "words"),
        ("id/word", "id/word"),
        ("word", "field/word"),
        ("part/0", "field/part/0"),
        ("span", "field/span"),
        ("field/word", "field/field/word"),
    ],
)
def test_field_never_shares_arrays_with_the_analysed_text(field: str, prefix: str) -> None:
    assert array_prefix(field) == prefix
