"""The inputs that fuzzing kept: of each target, a file with one input on a line.

A line is a JSON string, each character of which is a byte, so that a change of the file can be read.
"""

import json
from collections.abc import Iterable
from pathlib import Path

FOLDER = Path(__file__).with_name("corpus")


def read_corpus(target: str) -> list[bytes]:
    """Return the inputs kept for *target*; none if there is no file."""
    path = FOLDER / f"{target}.jsonl"
    lines = path.read_text(encoding="ascii").splitlines() if path.exists() else []
    return [json.loads(line).encode("latin-1") for line in lines]


def write_corpus(target: str, inputs: Iterable[bytes]) -> None:
    """Keep *inputs* for *target*, and nothing else: the shortest first."""
    ordered = sorted(set(inputs), key=lambda content: (len(content), content))
    lines = [json.dumps(content.decode("latin-1")) + "\n" for content in ordered]
    (FOLDER / f"{target}.jsonl").write_text("".join(lines), encoding="ascii")
