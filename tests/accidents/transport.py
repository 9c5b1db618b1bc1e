"""Answers that are no page at all, or one that no reader sees."""

from collections.abc import Mapping
from dataclasses import replace

from tests.accidents.place import Accident, Place
from tests.accidents.site import Answer, html, redirect

_PNG = b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 20
_CHALLENGE = (
    "<!DOCTYPE html><html><head><script>var _0x3f=['cookie','reload'];(function(a){document[_0x3f[0]]='k='"
    "+a;location[_0x3f[1]]()})(7919*104729);</script></head><body></body></html>"
)


def _everywhere(answer: Answer) -> Accident:
    return Accident(answer=lambda _place: answer, is_everywhere=True)


def _status(status: int, text: str) -> Accident:
    return _everywhere(
        html(f"<html><head><title>{text}</title></head><body><h1>{text}</h1></body></html>", status)
    )


def _own(place: Place) -> Answer:
    return place.site.release(place.text)


def _own_without_index(place: Place) -> Answer:
    return replace(_own(place), headers={"x-robots-tag": "noindex"})


def _to_itself(place: Place) -> Answer:
    return redirect(place.publication.path)


def _robots(answer: Answer) -> Accident:
    return Accident(answer=_own, elsewhere={"/robots.txt": lambda _site: answer}, shows_own=True)


TRANSPORT: Mapping[str, Accident] = {
    "no-content": _status(204, ""),
    "unauthorized": _status(401, "Unauthorized"),
    "legal": _status(451, "Unavailable For Legal Reasons"),
    "too-many": _status(429, "Too Many Requests"),
    "unavailable": _status(503, "Service Unavailable"),
    "not-modified": Accident(answer=lambda _place: Answer(status=304), shows_own=True),
    "image": _everywhere(Answer(body=_PNG)),
    "pdf": _everywhere(Answer(body=b"%PDF-1.4\n%%EOF\n", headers={"content-type": "application/pdf"})),
    "feed": Accident(answer=lambda place: place.site.feed()),
    "sitemap": Accident(answer=lambda place: place.site.sitemap()),
    "challenge": _everywhere(html(_CHALLENGE)),
    "refresh": _everywhere(html('<html><head><meta http-equiv="refresh" content="0; url=/"></head></html>')),
    "spaces": _everywhere(html("<html><body>\n\n \n</body></html>")),
    "redirect-itself": Accident(answer=_to_itself),
    "own-noindex": Accident(answer=_own_without_index, is_of_single_days=True, shows_own=True),
    "robots-closed": _robots(html("User-agent: *\nDisallow: /\n", content_type="text/plain")),
    "robots-500": _robots(html("<h1>500</h1>", 500)),
    "robots-page": _robots(html("<html><body><h1>Piekrītiet sīkdatnēm</h1></body></html>")),
}
