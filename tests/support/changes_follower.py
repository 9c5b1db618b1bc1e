"""A program that follows /api/v1/changes, as others are advised to: a line of JSON for each change, once."""

import json
import sys
from pathlib import Path
from typing import Any, NoReturn

from index.history import START
from searcher import create_app

FILE = "followed.ndjson"
LIMIT = 3


def followed(path: Path) -> list[dict[str, Any]]:
    """Return the changes in the file at *path*; a last line that is cut short is none."""
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True) if path.exists() else []
    return [json.loads(line) for line in lines if line.endswith("\n")]


def follow(config: Path, path: Path) -> None:
    """Append what happened since the last line of the file at *path*."""
    lines = followed(path)
    client = create_app(config).test_client()
    with path.open("r+" if path.exists() else "x+", encoding="utf-8") as out:
        whole = "".join(f"{json.dumps(line)}\n" for line in lines)
        out.seek(len(whole))  # ASCII; what is left of a line that was cut is overwritten
        out.truncate()
        cursor = lines[-1]["cursor"] if lines else START
        while changes := client.get(f"/api/v1/changes?since={cursor}&limit={LIMIT}").get_json()["changes"]:
            for change in changes:
                print(json.dumps(change), file=out, flush=True)
            cursor = changes[-1]["cursor"]


def main() -> NoReturn:
    """Follow by the settings that `--config` names."""
    config = Path(sys.argv[sys.argv.index("--config") + 1])
    follow(config, config.parent / FILE)
    raise SystemExit(0)
