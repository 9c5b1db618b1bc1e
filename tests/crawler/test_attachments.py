import zipfile
from io import BytesIO
from pathlib import Path

import pytest

from crawler.attachments import AttachmentError, text_of

FILES = Path(__file__).parents[2] / "samples" / "attachments"


@pytest.mark.parametrize("file", sorted(FILES.iterdir()), ids=lambda file: file.name)
def test_text_of_a_file_is_read_with_its_letters(file: Path) -> None:
    text = text_of(file.read_bytes())
    assert len(text) > 100
    assert any(letter in text for letter in "āčēģīķļņšūž")
    assert not any(ord(letter) < 32 and letter != "\n" for letter in text)


def bomb() -> bytes:
    packed = BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as parts:
        parts.writestr("word/document.xml", bytes(60_000_000))
    return packed.getvalue()


@pytest.mark.parametrize(
    ("body", "message"),
    [
        (b"<html>Lapa nav atrasta</html>", "neither PDF nor DOCX"),
        (b"%PDF-1.7 and then nothing", "broken PDF"),
        (b"PK\x03\x04 and then nothing", "broken DOCX"),
        (bomb(), "too large when unpacked"),
        (b"", "neither PDF nor DOCX"),
    ],
)
def test_what_is_no_file_of_text_is_refused(body: bytes, message: str) -> None:
    with pytest.raises(AttachmentError, match=message):
        text_of(body)
