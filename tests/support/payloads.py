"""Script injections and strings that break programs, combined from payloads.toml."""

import tomllib
from collections.abc import Iterator
from itertools import product
from pathlib import Path

PARTS: dict[str, list[str]] = tomllib.loads(Path(__file__).with_name("payloads.toml").read_text("utf-8"))
_SHAPES = PARTS["shapes"]
"""`{s}` stands for a script."""

NAUGHTY = (
    *PARTS["naughty"],
    *("a" + "\u0301" * 200, "-" * 300, '"' * 99, "(" * 99 + ")" * 99),
)


def payloads() -> Iterator[str]:
    """Yield about nine thousand distinct strings."""
    yield from dict.fromkeys((*_handlers(), *_broken_out(), *_plain()))


def _handlers() -> Iterator[str]:
    gaps = PARTS["gaps"]
    for at, (tag, event) in enumerate(product(PARTS["tags"], PARTS["events"])):
        yield f"<{tag}{gaps[at % len(gaps)]}on{event}=alert({at})>valsts budžets</{tag}>"


def _broken_out() -> Iterator[str]:
    scripts = PARTS["scripts"]
    for at, (breakout, shape) in enumerate(product(PARTS["breakouts"], _SHAPES)):
        yield breakout + shape.format(s=scripts[at % len(scripts)])


def _plain() -> Iterator[str]:
    return (shape.format(s=script) for script, shape in product(PARTS["scripts"], _SHAPES))
