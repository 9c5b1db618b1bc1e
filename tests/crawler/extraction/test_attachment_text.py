import re
import zipfile
from io import BytesIO
from pathlib import Path

import pytest

from crawler.extraction.attachment_text import AttachmentError, text_of

FILES = Path(__file__).parents[3] / "samples" / "attachments"


@pytest.mark.parametrize("file", sorted(FILES.iterdir()), ids=lambda file: file.name)
def test_text_of_a_file_keeps_diacritics(file: Path) -> None:
    text = text_of(file.read_bytes())
    assert len(text) > 100
    assert any(letter in text for letter in "āčēģīķļņšūž")
    assert not any(ord(letter) < 32 and letter != "\n" for letter in text)


def bomb() -> bytes:
    packed = BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as parts:
        parts.writestr("word/document.xml", bytes(60_000_000))
    return packed.getvalue()


def test_broken_page_does_not_affect_the_others() -> None:
    parts = (
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[9 0 R 3 0 R]/Count 2>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 300 200]/Contents 4 0 R/Resources<</Font<</F 5 0 R>>>>>>",
        b"<</Length 38>>stream\nBT /F 14 Tf 20 90 Td (Lappuse) Tj ET   \nendstream",
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
    )
    numbered = b"".join(b"%d 0 obj%s endobj\n" % part for part in enumerate(parts, start=1))
    assert text_of(b"%PDF-1.4\n" + numbered + b"trailer<</Root 1 0 R>>") == "Lappuse"


def docx(*, before: bytes = b"", after: bytes = b"", size: int | None = None) -> bytes:
    """Return a sample file with markup added at both ends of its document."""
    packed = BytesIO()
    with (
        zipfile.ZipFile(FILES / "pensijas-parskatisana.docx") as sample,
        zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as parts,
    ):
        for name in sample.namelist():
            part = sample.read(name)
            if name == "word/document.xml":
                part = part.replace(b"<w:body>", b"<w:body>" + before)
                part = part.replace(b"</w:body>", after + b"</w:body>")[:size]
            parts.writestr(name, part)
    return packed.getvalue()


CELL = b"<w:tbl><w:tr><w:tc>%s<w:p><w:r><w:t>Tabula</w:t></w:r></w:p></w:tc></w:tr></w:tbl>"
WIDE = b'<w:tcPr><w:gridSpan w:val="99999999"/></w:tcPr>'


@pytest.mark.parametrize("cell", [CELL % b"", CELL % WIDE], ids=["plain", "spans too many columns"])
def test_tables_are_read_in_order(cell: bytes) -> None:
    assert text_of(docx(before=cell)).startswith("Tabula\n\n")
    assert text_of(docx(after=cell)).endswith("\n\nTabula")


def docx_with(**parts: bytes) -> bytes:
    """Return a DOCX file with some parts, by stem, replaced."""
    packed = BytesIO()
    with (
        zipfile.ZipFile(next(FILES.glob("*.docx"))) as good,
        zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as made,
    ):
        for name in good.namelist():
            made.writestr(name, parts.get(Path(name).stem.strip("[]"), good.read(name)))
    return packed.getvalue()


def damage(file: bytes, *, every: int = 997) -> bytes:
    """Return *file* with some bytes changed, except at its ends."""
    inner = range(100, len(file) - 3_000, every)
    return bytes(letter ^ 255 if at in inner else letter for at, letter in enumerate(file))


def mark_encrypted(file: bytes) -> bytes:
    """Return the zip *file* with all parts marked as encrypted."""
    return re.sub(rb"(PK\x03\x04..|PK\x01\x02....).", lambda match: match[1] + b"\x01", file, flags=re.DOTALL)


@pytest.mark.parametrize(
    ("body", "message"),
    [
        (b"<html>Lapa nav atrasta</html>", "neither PDF nor DOCX"),
        (b"%PDF-1.7 and then nothing", "broken PDF"),
        (b"PK\x03\x04 and then nothing", "broken DOCX"),
        (bomb(), "too large when unpacked"),
        (docx(size=900), "broken DOCX"),
        (docx(before=b"<w:smartTag>" * 3_000, after=b"</w:smartTag>" * 3_000), "broken DOCX"),
        (docx_with(document=b"<a/>"), "broken DOCX"),
        (docx_with(Content_Types=b"<Types/>"), "broken DOCX"),
        (damage(docx_with()), "broken DOCX"),
        (mark_encrypted(docx_with()), "broken DOCX"),
        (b"", "neither PDF nor DOCX"),
    ],
)
def test_other_files_are_refused(body: bytes, message: str) -> None:
    with pytest.raises(AttachmentError, match=message):
        text_of(body)
