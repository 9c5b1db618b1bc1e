"""The result of one check of `releases check` or `releases prove`."""

from dataclasses import dataclass
from typing import Literal

import typer


@dataclass(frozen=True, slots=True, kw_only=True)
class Diagnosis:
    """The state of one thing that was checked, and what to do about it."""

    what: str
    state: Literal["ok", "note", "bad"]
    """`note`: nothing is wrong, but there is something to know or to do."""
    remark: str
    advice: str = ""

    def show(self) -> None:
        """Print it for people."""
        word = {"ok": "ok  ", "note": "note", "bad": "BAD "}[self.state]
        typer.echo(f"{word} {self.what}: {self.remark}")
        if self.advice:
            typer.echo(f"     → {self.advice}")


def ok(what: str, remark: str) -> Diagnosis:
    """Return the diagnosis that *what* is as it should be."""
    return Diagnosis(what=what, state="ok", remark=remark)


def note(what: str, remark: str, advice: str) -> Diagnosis:
    """Return a diagnosis with something to know about *what*, or to do."""
    return Diagnosis(what=what, state="note", remark=remark, advice=advice)


def bad(what: str, remark: str, advice: str) -> Diagnosis:
    """Return what is wrong with *what*, and the remedy."""
    return Diagnosis(what=what, state="bad", remark=remark, advice=advice)
