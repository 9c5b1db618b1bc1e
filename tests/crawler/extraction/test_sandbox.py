"""No content of a site makes a library open a file or a connection."""

import os
import socket
import sys
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from typing import get_args

import docx
import pytest

from crawler.extraction import Extraction, ExtractionJob, PageKind, ReaderPool
from crawler.extraction.file_access import no_new_files
from crawler.extraction.reader import load, read
from tests.support.extraction_jobs import job_of
from tests.support.own_process import run_alone

pytestmark = pytest.mark.sweep

PAGES = sorted(Path(__file__).parent.glob("pages/*/*.html"))
KINDS: tuple[PageKind, ...] = get_args(PageKind)
SECRET = "slepens-noslepums"
# Each contains the secret in a form that some library would find.
KEPT = {
    "feed": f"<rss version='2.0'><channel><item><title>{SECRET}</title>"
    f"<link>https://iem.example/lv/jaunums/{SECRET}</link></item></channel></rss>",
    "sitemap": f"<urlset><url><loc>https://iem.example/lv/jaunums/{SECRET}</loc></url></urlset>",
    "page": f"<html><h1>{SECRET}</h1><a href=/lv/jaunums/{SECRET}>{SECRET}</a>"
    f"<div class=text><p>{SECRET * 20}</p></div>",
}
RELATIONSHIPS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
ENCODINGS = ("utf-8", "utf-16", "idna", "zlib_codec", "unicode_escape", "euc-jp", "mbcs", "x")
WRAPPED = {
    "entity": '<!DOCTYPE r [<!ENTITY x SYSTEM "{0}">]><rss version="2.0"><channel><item><title>&x;</title>'
    "<link>&x;</link></item></channel></rss>",
    "parameter entity": '<!DOCTYPE r [<!ENTITY % x SYSTEM "{0}"> %x;]><urlset><url><loc>&x;</loc></url>',
    "dtd": '<!DOCTYPE urlset SYSTEM "{0}"><urlset><url><loc>&x;</loc></url></urlset>',
    "xinclude": '<urlset xmlns:xi="http://www.w3.org/2001/XInclude"><xi:include href="{0}"/></urlset>',
    "stylesheet": '<?xml-stylesheet type="text/xsl" href="{0}"?><rss version="2.0"><channel/></rss>',
    "schema": '<urlset xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:schemaLocation="u {0}"/>',
    "feed base": '<feed xmlns="http://www.w3.org/2005/Atom" xml:base="{0}"><entry><link href="{0}"/></entry>',
    "feed content": '<feed xmlns="http://www.w3.org/2005/Atom"><entry><content src="{0}"/></entry></feed>',
    "html": '<base href="{0}"><link rel=stylesheet href="{0}"><iframe src="{0}"></iframe><img src="{0}">',
    "title": "<h1>{0}</h1><div class=text><p>{0}</p></div><a href='{0}'>{0}</a>",
}


def docx_naming(name: str) -> bytes:
    """Return a document with external pictures, template, parts and an external entity."""
    made = docx.Document()
    made.add_paragraph("Pielikums")
    for kind in ("image", "attachedTemplate", "subDocument", "hyperlink"):
        made.part.relate_to(name, f"{RELATIONSHIPS}/{kind}", is_external=True)
    plain, named = BytesIO(), BytesIO()
    made.save(plain)
    entity = f'?><!DOCTYPE w [<!ENTITY x SYSTEM "{name}">]>'.encode()
    with zipfile.ZipFile(plain) as parts, zipfile.ZipFile(named, "w") as written:
        for part in parts.infolist():
            xml = parts.read(part)
            if part.filename == "word/document.xml":
                xml = xml.replace(b"?>", entity, 1).replace(b"Pielikums", b"&x;")
            written.writestr(part, xml)
    return named.getvalue()


def pdf_naming(name: str) -> bytes:
    return f"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R/OpenAction<</S/GoToR/F({name})>>>>endobj\n".encode()


def bodies(name: str) -> Iterator[tuple[str, bytes]]:
    yield "bare", name.encode()
    yield "with a break", f"{name}\n".encode()
    yield "docx", docx_naming(name)
    yield "pdf", pdf_naming(name)
    for kind, text in WRAPPED.items():
        yield kind, text.format(name).encode()
    for encoding in ENCODINGS:
        yield (
            f"in {encoding}",
            f'<?xml version="1.0" encoding="{encoding}"?><rss version="2.0">{name}'.encode(),
        )


def names(folder: Path, port: int) -> Iterator[str]:
    """Yield the names of existing files and of a listening server."""
    for kind, text in KEPT.items():
        path = folder / kind
        path.write_text(text, encoding="utf-8")
        yield str(path)
        yield path.as_uri()
    made = docx.Document()
    made.add_paragraph(SECRET)
    made.save(str(folder / "file.docx"))
    yield str(folder / "file.docx")
    os.mkfifo(folder / "fifo")
    yield str(folder / "fifo")
    yield (folder / "fifo").as_uri()
    yield from ("/dev/zero", "file:///dev/zero", "/etc/passwd", str(folder))
    for scheme in ("http", "https", "ftp", "feed"):
        yield f"{scheme}://127.0.0.1:{port}/{SECRET}"


def jobs(folder: Path, port: int) -> Iterator[tuple[str, ExtractionJob]]:
    for name in names(folder, port):
        for how, body in bodies(name):
            for kind in KINDS:
                made = job_of(body, kind)
                templates = {"t": made.templates["t"].model_copy(update={"general": True})}
                yield f"{name} {how} {kind}", replace(made, templates=templates)


def main(folder: Path, port: int) -> None:
    """Read everything, without the kernel's limits, and print what was opened, contacted and found."""
    opened: list[str] = []
    is_reading = False

    def watch(event: str, arguments: tuple[object, ...]) -> None:
        if is_reading and event.partition(".")[0] in ("open", "socket", "subprocess", "urllib", "ctypes"):
            opened.append(f"{event} {arguments[:2]}")

    sys.addaudithook(watch)
    for what, made in jobs(folder, port):
        load(made)
        is_reading = True
        reading = read(made)
        is_reading = False
        if opened or (SECRET in repr(reading) and SECRET not in what):
            print(what, opened, reading)
            opened.clear()


@pytest.fixture
def listener() -> Iterator[socket.socket]:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        listening.setblocking(False)
        yield listening


def test_no_file_or_connection_is_opened_while_content_is_read(
    tmp_path: Path, listener: socket.socket
) -> None:
    port = str(listener.getsockname()[1])
    run_alone("tests.crawler.extraction.test_sandbox", str(tmp_path), port)
    with pytest.raises(BlockingIOError):
        listener.accept()


def read_without_files(job: ExtractionJob) -> Extraction:
    load(job)
    with no_new_files():
        return read(job)


def test_pages_are_extracted_the_same_without_files() -> None:
    run_alone("tests.crawler.extraction.test_sandbox")


def print_pages_that_need_files() -> None:
    for path in PAGES:
        made = job_of(path.read_bytes())
        if read_without_files(made) != read(made):
            print(path.stem)


@pytest.mark.parametrize(
    "charset", ["utf-8", "windows-1257", "iso-8859-13", "utf-16", "euc-jp", "gb18030", "x-mac-cyrillic"]
)
def test_modules_can_be_imported_while_a_page_is_read(charset: str) -> None:
    """Libraries load codecs and tables of non-ASCII names with the first page that needs them."""
    page = job_of(
        f"<meta charset={charset}><h1>Ziņa par ķirbjiem</h1><time datetime=2026-02-01>01.02.2026.</time>"
        f"<div class=text><p>{'Teksts. ' * 40}"
        "<a href='https://ķirbis.example/fails.pdf'>Fails</a></p></div>".encode(errors="replace")
    )
    with ReaderPool() as readers:
        reading = readers.read(page)
    assert reading.release is not None
    assert reading == read(page)


@pytest.mark.parametrize("length", [0, 1, 5, 10, 40])
@pytest.mark.parametrize(
    "shape", ["<h1>Ienākt</h1>%s", "<h1>Ziņa</h1><div class=text><p>%s</p></div>", "<p>%s", "%s<br>"]
)
def test_pages_with_little_text_do_not_fail(shape: str, length: int) -> None:
    """trafilatura loads its word lists with the first page that needs them."""
    page = job_of(f"<html>{shape % ('Vārds par visu. ' * length)}</html>".encode())
    with ReaderPool() as readers:
        reading = readers.read(page)
    assert reading.reason != "fault of the extractor"
    assert reading == read(page)


if __name__ == "__main__":
    if len(sys.argv) == 1:
        print_pages_that_need_files()
    else:
        main(Path(sys.argv[1]), int(sys.argv[2]))
