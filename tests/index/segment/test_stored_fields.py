from datetime import UTC, date, datetime

import pytest

from index.segment.stored_fields import decode_stored, encode_stored


@pytest.mark.parametrize(
    "value",
    [
        "ā",
        1.5,
        None,
        b"\0\xff",
        date(2020, 2, 29),
        datetime(2020, 2, 29, 1, 2, 3, tzinfo=UTC),
        ("a", ["b", ("c",)]),
        {"a": {"$tuple": (1,)}},
        {1: "a", None: "b"},
        {"$date": "not a date"},
    ],
)
def test_stored_value_comes_back_with_its_type(value: object) -> None:
    assert decode_stored(encode_stored({"field": value})) == {"field": value}


def test_other_type_is_refused() -> None:
    with pytest.raises(TypeError, match="a stored field cannot hold a set"):
        encode_stored({"field": {1}})
