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


def test_a_stream_waits_while_requests_are_answered() -> None:
    streams = ExportStreams(patience_s=600)
    events: list[str] = []
    busy = iter([True, True])

    def is_busy() -> bool:
        events.append("asked")
        return next(busy, False)

    def lines() -> Iterator[str]:
        for number in range(2):
            events.append(f"line {number}")
            yield "x"

    streams.is_busy = is_busy
    with opened(streams, lines) as chunks:
        assert b"".join(chunks) == b"xx"
    assert events[:5] == ["line 0", "asked", "asked", "asked", "line 1"]


def test_a_service_that_is_never_idle_does_not_starve_a_stream() -> None:
    streams = ExportStreams(patience_s=0)
    streams.is_busy = lambda: True
    with opened(streams, lambda: ["x"] * 10) as chunks:
        assert b"".join(chunks) == b"x" * 10


def test_a_chunk_is_full_as_soon_as_it_has_its_characters() -> None:
    half, nearly_all = "ā" * (CHUNK_CHARS // 2), "ā" * (CHUNK_CHARS - 1)
    with opened(ExportStreams(), lambda: [half, half, nearly_all, "x", "y", "z"]) as chunks:
        assert [len(chunk.decode()) for chunk in chunks] == [CHUNK_CHARS, CHUNK_CHARS, 2]


def test_two_streams_run_at_a_time_in_chunks_of_some_kilobytes() -> None:
    assert (STREAMS_MAX, CHUNK_CHARS) == (2, 32_000)


def test_a_stream_closed_before_its_end_makes_room() -> None:
    streams = ExportStreams()
    for _ in range(STREAMS_MAX + 1):
        with opened(streams, lambda: ["x" * CHUNK_CHARS] * 3) as chunks:
            assert len(next(iter(chunks))) == CHUNK_CHARS


def test_a_stream_is_not_busy_unless_the_server_says_so() -> None:
    assert ExportStreams().is_busy() is False
