"""Runs libFuzzer on one target in a process: `python -m tests.fuzz.fuzzer TARGET OPTION... FOLDER`."""

import logging
import sys

import atheris

# What the targets are in; libFuzzer follows which lines of it an input reaches.
WATCHED = ["crawler.extraction", "index.codec", "index.query", "index.search", "index.segment", "feedparser"]


def main() -> None:
    """Fuzz the target that the first argument names; the others are for libFuzzer."""
    logging.disable()
    target = sys.argv.pop(1)
    with atheris.instrument_imports(include=WATCHED):
        from tests.fuzz.targets import TARGETS  # noqa: PLC0415 - what it imports is watched
    # libFuzzer starts itself again, by the shell, to merge.
    program = f"{sys.executable} -m tests.fuzz.fuzzer {target}"
    atheris.Setup([program, *sys.argv[1:]], TARGETS[target])
    atheris.Fuzz()


if __name__ == "__main__":
    main()
