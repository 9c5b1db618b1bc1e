"""Extracts the text of PDF and DOCX files; pure, but only safe in a process with limits."""

import re
import zipfile
import zlib
from io import BytesIO
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pypdfium2 import PdfDocument

# Longer files are cut here: attachments are annexes, not books.
PAGES_MAX = 200
CHARS_MAX = 400_000
# After decompression; a larger file is a bomb.
DOCX_BYTES_MAX = 50_000_000

# Raised by zipfile, lxml and python-docx for a file that is damaged, encrypted or not a document.
_BROKEN_DOCX_ERRORS = (
    zipfile.BadZipFile,
    zlib.error,
    SyntaxError,
    RuntimeError,
    EOFError,
    AttributeError,
    LookupError,
    TypeError,
    ValueError,
)

_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\ufffe\uffff\ud800-\udfff]")
_SPACES = re.compile(r"[ \t\xa0]+")
_SPACE = re.compile(r"\s+")


class AttachmentError(Exception):
    """The text of a file cannot be read; the message gives the reason."""


def load() -> None:
    """Load the libraries for PDF and DOCX."""
    import docx  # noqa: F401, PLC0415 (8 MB in each reader: only attachments need them)
    import pypdfium2  # noqa: F401, PLC0415


def text_of(body: bytes) -> str:
    """Return the text of a file. Its first bytes give its type, since servers misreport it.

    Raises:
        AttachmentError: the file is neither PDF nor DOCX, or is broken.
    """
    if body.lstrip()[:5] == b"%PDF-":
        return _tidy(_pdf(body))
    if body[:4] == b"PK\x03\x04":
        return _tidy(_docx(body))
    raise AttachmentError("neither PDF nor DOCX")


def _pdf(body: bytes) -> str:
    import pypdfium2  # noqa: PLC0415 (as above)

    try:
        with pypdfium2.PdfDocument(body) as document:
            return "\n\n".join(
                _page_text(document, number) for number in range(min(len(document), PAGES_MAX))
            )
    except pypdfium2.PdfiumError as error:
        raise AttachmentError(f"broken PDF: {error}") from error


def _page_text(document: "PdfDocument", number: int) -> str:
    """Return the text of a page; empty for a broken or scanned page."""
    from pypdfium2 import PdfiumError  # noqa: PLC0415 (as above)

    try:
        page = document[number]
        text = page.get_textpage()
    except PdfiumError:
        return ""
    whole = str(text.get_text_range())
    text.close()
    page.close()
    return whole


def _docx(body: bytes) -> str:
    import docx  # noqa: PLC0415 (as above)
    from docx.opc.exceptions import PackageNotFoundError  # noqa: PLC0415
    from docx.oxml.ns import qn  # noqa: PLC0415
    from docx.text.paragraph import Paragraph  # noqa: PLC0415

    try:
        with zipfile.ZipFile(BytesIO(body)) as parts:
            if sum(part.file_size for part in parts.infolist()) > DOCX_BYTES_MAX:
                raise AttachmentError("too large when unpacked")
        document = docx.Document(BytesIO(body))
        # Includes paragraphs in tables, in reading order. The library's own tables trust a cell that
        # claims to span 10**9 columns.
        paragraphs = document.element.body.iter(qn("w:p"))
        return "\n\n".join(Paragraph(paragraph, document).text for paragraph in paragraphs)
    except (PackageNotFoundError, *_BROKEN_DOCX_ERRORS) as error:
        raise AttachmentError(f"broken DOCX: {error}") from error


def _tidy(text: str) -> str:
    """Return *text* without control characters and extra space; empty lines separate paragraphs."""
    text = _SPACES.sub(" ", _CONTROL.sub("", text.replace("\r\n", "\n").replace("\r", "\n")))
    return _SPACE.sub(_shorten_space, text).strip()[:CHARS_MAX]


def _shorten_space(space: re.Match[str]) -> str:
    return "\n\n" if space[0].count("\n") > 1 else space[0]
