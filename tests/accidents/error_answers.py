"""Pages of firewalls, servers and systems in place of a release: the files of `error_pages/`."""

from collections.abc import Mapping
from pathlib import Path

from tests.accidents.site import Answer

FOLDER = Path(__file__).parent / "error_pages"
# Two products send the same page as an error, and one without asking not to be indexed.
_NOINDEX = b'<meta name="robots" content="noindex,nofollow">'


def _load() -> dict[str, Answer]:
    pages = {path.stem: _answer(path) for path in sorted(FOLDER.iterdir())}
    challenge = pages["cloudflare-noindex"]
    pages["cloudflare"] = Answer(body=challenge.body.replace(_NOINDEX, b""))
    pages["cloudflare-503"] = Answer(body=challenge.body, status=503)
    return pages


def _answer(path: Path) -> Answer:
    headers = {"content-type": "application/json"} if path.suffix == ".json" else {}
    return Answer(body=path.read_bytes(), headers=headers)


ERROR_PAGES: Mapping[str, Answer] = _load()
"""By the name of the accident; none shares title, date or text with a release."""
