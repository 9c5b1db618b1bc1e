"""The kernel refuses files and connections, and lets a library load its own."""

import resource
import socket
import subprocess
from pathlib import Path

import docx
import pypdfium2
import pytest
from lxml import etree

from crawler.extraction.file_access import no_new_files, own_files

OPENERS = {
    "Python": lambda path: Path(path).read_bytes(),
    "lxml": etree.parse,
    "PDFium": pypdfium2.PdfDocument,
    "docx": docx.Document,
    "socket": lambda _: socket.socket(),
    "process": lambda path: subprocess.run(["cat", path], capture_output=True, check=False),
}


@pytest.mark.parametrize("name", OPENERS)
def test_kernel_refuses_files_and_connections_to_every_library(tmp_path: Path, name: str) -> None:
    path = tmp_path / "file"
    path.write_bytes(b"<x/>")
    with (
        no_new_files(),
        pytest.raises((OSError, pypdfium2.PdfiumError, docx.opc.exceptions.PackageNotFoundError)),
    ):
        OPENERS[name](str(path))
    assert path.read_bytes() == b"<x/>"


def test_library_may_load_its_own_files(tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_bytes(b"x")
    with no_new_files():
        with own_files():
            assert path.read_bytes() == b"x"
        with pytest.raises(OSError, match="Too many open files"):
            path.read_bytes()


def test_limit_is_restored_after_an_error() -> None:
    before = resource.getrlimit(resource.RLIMIT_NOFILE)
    with pytest.raises(ZeroDivisionError), no_new_files(), own_files():
        raise ZeroDivisionError
    assert resource.getrlimit(resource.RLIMIT_NOFILE) == before
