"""Keep a copy of all texts in a folder: `python mirror.py https://preses.example copy`, as often as you like.

A file of JSON for each release that may be shown, and the place up to which the copy is whole. Whatever ends
this program, the next run goes on. It needs nothing but Python.
"""

import json
import re
import sys
from http import HTTPStatus
from pathlib import Path
from typing import Any
from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import urlopen

START = "*"
PLACE = "place"
WAIT_S = 60
# An id becomes the name of a file, so what is no id must not lead out of the folder.
ID = re.compile(r"[0-9A-Za-z][0-9A-Za-z_-]*")


def mirror(service: str, folder: Path) -> None:
    """Bring the copy in *folder* up to what the service at the address *service* shows."""
    folder.mkdir(parents=True, exist_ok=True)
    place = folder / PLACE
    since = place.read_text(encoding="ascii") if place.exists() else START
    try:
        while (after := take(service, folder, since)[0]) != since:
            since = after
            write(place, since)
    except HTTPError as error:
        if error.code != HTTPStatus.GONE:
            raise
        write(place, begin_anew(service, folder))


def begin_anew(service: str, folder: Path) -> str:
    """Read everything, since the collection was restored from a backup; delete what it no longer has."""
    known: set[str] = set()
    since, last = START, ""
    while since != last:
        last = since
        since, releases = take(service, folder, last)
        known |= releases
    for path in folder.glob("*.json"):
        if path.stem not in known:
            path.unlink()
    return since


def take(service: str, folder: Path, since: str) -> tuple[str, set[str]]:
    """Copy what changed after *since*; return the place after it, and the releases that changed."""
    answer = read(f"{service}/api/v1/changes?{urlencode({'since': since, 'limit': 500})}")
    newest = {change["release"]: change for change in answer["changes"]}  # of each release the last change
    for release, change in newest.items():
        if not ID.fullmatch(release):
            raise ValueError(f"not an id: {release!r}")
        path = folder / f"{release}.json"
        text = None if change["kind"] == "merge" else read_version(service, change)
        if text is None:
            path.unlink(missing_ok=True)
        else:
            write(path, json.dumps(text, ensure_ascii=False))
    return answer["next"], set(newest)


def read_version(service: str, change: dict[str, Any]) -> dict[str, Any] | None:
    """Return the text that a release had from *change* on; None if it must not be shown."""
    try:
        return read(f"{service}/api/v1/releases/{change['release']}/versions/{change['version']}")
    except HTTPError as error:
        if error.code == HTTPStatus.NOT_FOUND:
            return None
        raise


def read(address: str) -> dict[str, Any]:
    """Return the JSON at *address*."""
    with urlopen(address, timeout=WAIT_S) as answer:  # noqa: S310 - the address is the user's own
        found: dict[str, Any] = json.load(answer)
        return found


def write(path: Path, text: str) -> None:
    """Replace the file at *path* as a whole: it is never half written."""
    new = path.with_name(f"{path.name}.new")
    new.write_text(text, encoding="utf-8")
    new.replace(path)


if __name__ == "__main__":
    mirror(sys.argv[1].rstrip("/"), Path(sys.argv[2]))
