"""Jobs for readers, with bodies that harm the process that unpickles them."""

import os
import re
import signal
import time
from contextlib import suppress
from datetime import UTC, datetime

from crawler.config import Site, Template
from crawler.extraction import ExtractionJob, PageKind
from crawler.page import Page

SITE = Site.model_validate(
    {
        "id": "iem",
        "ministry": "Iekšlietu ministrija",
        "template": "t",
        "start": ["https://iem.example/lv/jaunumi"],
    }
)
RELEASE = (
    "<html lang=lv><h1>Robežsargi aizturēja pārkāpējus</h1><time datetime=2026-02-01>01.02.2026.</time>"
    "<div class=text><p>Valsts robežsardze svētdien aizturēja trīs robežas pārkāpējus Krāslavas.</p></div>"
)


class Deadly(bytes):
    """A body that ends the process that receives it."""

    def __reduce__(self) -> tuple[object, tuple[int]]:
        return os._exit, (1,)


class Timed(bytes):
    """A body that, unpickled, contains the seconds left to the process."""

    def __reduce__(self) -> tuple[object, tuple[bytes]]:
        return with_seconds_left, (bytes(self),)


def with_seconds_left(body: bytes) -> bytes:
    return body.replace("trīs".encode(), b"%d" % signal.getitimer(signal.ITIMER_PROF)[0])


class Endless(bytes):
    """A body that makes the process that receives it spin for ever."""

    def __reduce__(self) -> tuple[object, tuple[()]]:
        return spin, ()


def spin() -> None:
    while True:
        pass


class Stuck(bytes):
    """A body that makes the process that receives it wait for ever."""

    def __reduce__(self) -> tuple[object, tuple[()]]:
        return signal.pause, ()


class Hungry(bytes):
    """A body that takes all memory, and ignores that there is no more."""

    def __reduce__(self) -> tuple[object, tuple[()]]:
        return devour, ()


def devour() -> None:
    taken = []
    while True:
        with suppress(MemoryError):
            taken.append(bytearray(1 << 20))


class Backtracking(bytes):
    """A body that keeps the process that receives it in one call of a C function."""

    def __reduce__(self) -> tuple[object, tuple[str, str]]:
        return re.match, (r"(?:a+)+$", "a" * 200 + "b")


class Costly(bytes):
    """A body that takes a fifth of a second of processor time to read."""

    def decode(self, encoding: str = "utf-8", errors: str = "strict") -> str:
        until_s = time.process_time() + 0.2
        while time.process_time() < until_s:
            pass
        return super().decode(encoding, errors)


class Unsendable(bytes):
    """A body that cannot be pickled."""

    def __reduce__(self) -> tuple[object, tuple[int]]:
        raise EOFError


def job_of(body: bytes, kind: PageKind = "release", headers: dict[str, str] | None = None) -> ExtractionJob:
    """Return the job to read a page of *body*."""
    url = "https://iem.example/lv/jaunums/x"
    page = Page(
        requested_url=url,
        url=url,
        status=200,
        headers=headers or {"content-type": "text/html; charset=utf-8"},
        body=body,
        fetched=datetime(2026, 3, 1, tzinfo=UTC),
        chain=(url,),
    )
    return ExtractionJob(page=page, kind=kind, site=SITE, templates={"t": Template(body=("div.text",))})
