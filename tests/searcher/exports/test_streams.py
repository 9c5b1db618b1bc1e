from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, closing
from typing import Any, cast

import pytest

from searcher.exports.streams import CHUNK_CHARS, STREAMS_MAX, BusyError, ExportStreams

Lines = Callable[[], Iterable[str]]


def opened(streams: ExportStreams, lines: Lines) -> Any:
    return closing(cast("Any", streams.start(lines)))


def test_a_stream_has_every_line_in_chunks() -> None:
    lines = [f"{number}: ā\n" for number in range(10_000)]
    with opened(ExportStreams(), lambda: lines) as chunks:
        made = list(chunks)
    assert b"".join(made).decode() == "".join(lines)
    assert len(made) > 2


def test_lines_are_made_only_as_fast_as_they_are_read() -> None:
    read: list[int] = []

    def lines() -> Iterator[str]:
        for number in range(1000):
            read.append(number)
            yield "x" * (CHUNK_CHARS // 10)

    with opened(ExportStreams(), lines) as chunks:
        next(iter(chunks))
        assert len(read) <= 10
    assert len(read) <= 10


def test_more_streams_than_allowed_are_refused_until_one_ends() -> None:
    streams = ExportStreams()
    with ExitStack() as running:
        for _ in range(STREAMS_MAX):
            running.enter_context(opened(streams, lambda: ["x"] * 3))
        with pytest.raises(BusyError):
            streams.start(lambda: ["x"])
    with opened(streams, lambda: ["x"]) as chunks:
        assert b"".join(chunks) == b"x"


def test_a_stream_that_fails_makes_room() -> None:
    streams = ExportStreams()

    def fail() -> Iterator[str]:
        yield "x"
        raise OSError("damaged")

    for _ in range(STREAMS_MAX + 1):
        with pytest.raises(OSError, match="damaged"):
            streams.start(fail)


def test_a_stream_without_lines_is_empty_and_makes_room() -> None:
    streams = ExportStreams()
    for _ in range(STREAMS_MAX + 1):
        with opened(streams, list) as chunks:
            assert b"".join(chunks) == b""
