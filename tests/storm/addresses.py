"""URLs for links and redirects: odd, internal, foreign, endless."""

from collections.abc import Callable

from tests.storm.place import Place
from tests.support.hostile_site import Script, Visit, answer


def odd(place: Place) -> str:
    """Return a URL that must not be fetched, or not as written."""
    while not place.page_filter.allows(f"link {(address := _any(place))}"):
        pass
    return address


def _any(place: Place) -> str:
    own, canary, port = place.origin, place.canary, place.origin.rpartition(":")[2]
    return place.chance.choice(
        [
            place.outside, place.outside, f"//{canary}/x", f"https://{own}/x", f"https://{own}/x",
            f"//{own}//x",
            f"http://localhost:{port}/x", f"http://127.1:{port}/x", f"http://2130706433:{port}/x",
            f"http://0x7f.1:{port}/x",
            f"http://[::1]:{port}/x", f"http://[::ffff:127.0.0.1]:{port}/x", f"http://0.0.0.0:{port}/x",
            f"http://127.0.0.1.:{port}/x",
            f"http://user:pass@{own}/x", f"http://{own}@{canary}/x", f"http://{canary}\\@{own}/x",
            f"http://{own}#@{canary}/x",
            f"http://{own}\t.{canary}/x", f"http://{own}%2f@{canary}/x", f"http://１２７.0.0.1:{port}/x",
            f"file://{place.files[0]}", str(place.files[0]), f"file://{place.files[1]}", "file:///dev/zero",
            "/dev/zero",
            "ftp://127.0.0.1/x", "javascript:alert(1)", "data:text/html,<h1>x</h1>", "mailto:a@b.lv",
            "tel:+371", "about:blank", "gopher://x/",
            "http://127.0.0.1:99999/x", "http://127.0.0.1:/x", "http://127.0.0.1:-1/",
            "http://127.0.0.1:٣/", "http://[::1/x", "http://", "http:///x",
            "http:/x", "http:x", "//", "///", "?", "#", "", " ", "\0", "%", "%zz", "%00", "/%2e%2e/%2e%2e/",
            "/../../../..", "\\\\host\\x",
            "/\u202egpj.exe", "/ā/č?ž=š#ņ", "/a b\tc\nd", "/x;jsessionid=0", "/" + "a/" * 400,
            "/" + "x" * 5000, "/x?" + "a=b&" * 900,
            "http://xn--\uffff/", "http://" + "a" * 300 + ".lv/", "http://a..b/", "http://-/", "http://*/",
            "http://[fe80::1%25lo]/", "HTTP://" + own.upper() + "/X",
            f"http://{own}/x?u=http://{canary}/", "/x?a=1&a=2&;&&=", "/x%ff%fe", "/%F0%9F%92%A9",
            "/x?\ud800".encode("utf-8", "replace").decode(),
        ]
    )  # fmt: skip


def loop(place: Place, path: str) -> str:
    """Return a URL that leads back to a page before, or to endlessly many further ones."""
    return place.chance.choice([path, f"{path}?again", f"http://{place.origin}{path}", f"{path}/x"])


def elsewhere(place: Place, _path: str) -> str:
    """Return the URL of an honest release, often on another site."""
    return place.chance.choice(
        [*place.releases, f"http://{place.chance.choice([*place.others, place.origin])}/lv/jaunumi"]
    )


def _odd(place: Place, _path: str) -> str:
    return odd(place)


TARGETS: tuple[Callable[[Place, str], str], ...] = (_odd, _odd, loop, elsewhere, elsewhere)


def redirect(place: Place, path: str) -> tuple[str, Script]:
    """Return a redirect and its name."""
    target = place.chance.choice([target for target in TARGETS if place.page_filter.allows(target.__name__)])
    to = target(place, path)
    status = place.chance.choice([301, 302, 303, 307, 308, 300, 304, 305])
    sent = to.replace("\r", "").replace("\n", "").encode("utf-8", "replace")
    first, rest = answer(b"moved", status).split(b"\r\n", 1)

    def script(visit: Visit) -> None:
        visit.send(first, b"\r\nlocation: ", sent, b"\r\n", rest)

    return f"redirect {status} to {to[:90]!r}", script


def endless(place: Place, path: str) -> tuple[str, Script]:
    """Return a redirect chain that never repeats, and its name; it needs all paths below *path*."""
    step = place.chance.choice(["x", "?n=", "%41"])

    def script(visit: Visit) -> None:
        visit.send(answer(b"", 302, location=f"{path}/{step}{visit.request.at}"))

    return "redirect for ever", script
