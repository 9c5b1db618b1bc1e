"""What cannot be read: which file, why, and the remedy."""

from pathlib import Path

import pytest

from index.errors import EngineError, unreadable


@pytest.mark.parametrize(
    ("error", "message"),
    [
        (OSError(5, "Input/output error"), "x: cannot be read: Input/output error"),
        (OSError(5, "Input/output error", "x/docs"), "x/docs: cannot be read: Input/output error"),
        (OSError("without a number"), "x: cannot be read: without a number"),
        (
            PermissionError(13, "Permission denied"),
            "x: cannot be read: Permission denied; run this as the user to whom the data belong",
        ),
    ],
)
def test_the_message_names_the_file_the_cause_and_the_remedy(error: OSError, message: str) -> None:
    found = unreadable(Path("x"), error)
    assert type(found) is EngineError
    assert str(found) == message
