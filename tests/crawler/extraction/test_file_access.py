"""The kernel refuses files and connections, and lets a library load its own."""

import resource
import socket
import subprocess
import sys
from pathlib import Path

import docx
import pypdfium2
import pytest
from lxml import etree

from crawler.extraction.file_access import no_new_files, own_files
from tests.support.own_process import run_alone

OPENERS = {
    "Python": lambda path: Path(path).read_bytes(),
    "lxml": etree.parse,
    "PDFium": pypdfium2.PdfDocument,
    "docx": docx.Document,
    "socket": lambda _: socket.socket(),
    "process": lambda path: subprocess.run(["cat", path], capture_output=True, check=False, timeout=60),
}


REFUSALS = (OSError, pypdfium2.PdfiumError, docx.opc.exceptions.PackageNotFoundError)


def test_kernel_refuses_files_and_connections_to_every_library(tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_bytes(b"<x/>")
    run_alone("tests.crawler.extraction.test_file_access", "refused", str(path))
    assert path.read_bytes() == b"<x/>"


@pytest.mark.sweep
def test_library_may_load_its_own_files(tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_bytes(b"x")
    run_alone("tests.crawler.extraction.test_file_access", "own", str(path))


@pytest.mark.sweep
def test_limit_is_restored_after_an_error(tmp_path: Path) -> None:
    run_alone("tests.crawler.extraction.test_file_access", "restored", str(tmp_path))


def open_with_every_library(path: Path) -> None:
    for name, opener in OPENERS.items():
        with no_new_files():
            try:
                opener(str(path))
            except REFUSALS:
                continue
        print(name)


def load_own_file(path: Path) -> None:
    with no_new_files():
        with own_files():
            assert path.read_bytes() == b"x"
        with pytest.raises(OSError, match="Too many open files"):
            path.read_bytes()


def restore_limit(_: Path) -> None:
    before = resource.getrlimit(resource.RLIMIT_NOFILE)
    with pytest.raises(ZeroDivisionError), no_new_files(), own_files():
        raise ZeroDivisionError
    assert resource.getrlimit(resource.RLIMIT_NOFILE) == before


if __name__ == "__main__":
    checks = {"refused": open_with_every_library, "own": load_own_file, "restored": restore_limit}
    checks[sys.argv[1]](Path(sys.argv[2]))
