"""Pages per second and memory of `crawl` beside Scrapy, on the same loopback site.

    python -m benchmarks.crawl --pages 5000                    # one site, no delay
    python -m benchmarks.crawl --pages 50 --sites 5 --delay 0.2  # what politeness leaves to gain

Each crawler runs as a process of its own, in turn; the site runs in a third. Both read the same fields by the
same CSS selectors and write them to disk, Scrapy as JSON lines, `crawl` as its store.
"""

import argparse
import asyncio
import hashlib
import json
import multiprocessing
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing.connection import Connection
from pathlib import Path

LIST_SIZE = 50
WORDS = (
    "ministrija drošība robeža budžets valsts sadarbība sanāksme ministrs likums projekts nozare attīstība "
    "iedzīvotāji pašvaldība atbalsts eiropas savienība komisija lēmums programma finansējums skola mežs"
).split()

SPIDER = """
import scrapy

class Releases(scrapy.Spider):
    name = "releases"
    start_urls = {starts!r}
    custom_settings = {{
        "LOG_LEVEL": "ERROR", "ROBOTSTXT_OBEY": True,
        "DOWNLOAD_DELAY": {delay}, "RANDOMIZE_DOWNLOAD_DELAY": False,
        "CONCURRENT_REQUESTS_PER_DOMAIN": {at_once}, "TELNETCONSOLE_ENABLED": False, "DEPTH_LIMIT": 0,
    }}

    def parse(self, response):
        for link in response.css("div.views-row h3 a::attr(href)").getall():
            yield response.follow(link, self.release)
        for link in response.css(".pager a::attr(href)").getall():
            yield response.follow(link, self.parse)

    def release(self, response):
        yield {{
            "url": response.url,
            "title": " ".join(response.css("h1 ::text").getall()).strip(),
            "published": response.css("time::attr(datetime)").get(),
            "lead": " ".join(response.css(".lead ::text").getall()).strip(),
            "body": "\\n\\n".join(
                " ".join(p.css("::text").getall()) for p in response.css(".text__text-content p")
            ),
            "category": " ".join(response.css(".category ::text").getall()).strip(),
        }}
"""


def main() -> None:
    """Print one line of JSON for each crawler."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--pages", type=int, default=5000, help="releases of each site")
    parser.add_argument("--sites", type=int, default=1)
    parser.add_argument("--delay", type=float, default=0.0, help="seconds between two requests to a site")
    parser.add_argument("--crawlers", nargs="+", default=["crawl", "again", "scrapy"])
    asked = parser.parse_args()
    with serving(asked.pages, asked.sites) as origins, tempfile.TemporaryDirectory() as folder:
        for name in asked.crawlers:
            command = COMMANDS[name](Path(folder), origins, asked.delay)
            print(json.dumps({"crawler": name} | measured(command, asked.pages * asked.sites)), flush=True)


def measured(command: list[str], pages: int) -> dict[str, float]:
    """Run *command*; return its seconds, pages per second and the peak of its memory."""
    began = time.monotonic()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    seconds = time.monotonic() - began
    # Of the largest process so far, so that it is an upper bound for all but the first crawler.
    peak_kib = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    return {
        "seconds": round(seconds, 1),
        "pages_per_s": round(pages / seconds, 1),
        "peak_mb": round(peak_kib / 1024),
    }


def crawl_command(folder: Path, origins: list[str], delay_s: float) -> list[str]:
    """Return how to run this project's crawler; a second time it finds all unchanged."""
    sites = "".join(
        f'[[crawler.sites]]\nid = "s{number}"\nministry = "M{number}"\ntemplate = "t"\n'
        f'start = ["{origin}/lv/jaunumi"]\n'
        for number, origin in enumerate(origins)
    )
    hosts = json.dumps([origin.removeprefix("http://") for origin in origins])
    (folder / "config.toml").write_text(
        f"""
        [crawler]
        allow_origins = {hosts}
        [crawler.politeness]
        delay_s = {delay_s}
        requests_per_s = 100000
        [crawler.recheck]
        early_per_day = 1000000
        [crawler.templates.t]
        rows = ["div.views-row"]
        links = ["h3 a"]
        next_page = [".pager a"]
        title = ["h1"]
        lead = [".lead"]
        body = [".text__text-content"]
        published = ["time"]
        category = [".category"]
        {sites}
        """,
        encoding="utf-8",
    )
    run = "from crawler.crawl import main; main()"
    return [sys.executable, "-c", run, "--config", str(folder / "config.toml")]


def scrapy_command(folder: Path, origins: list[str], delay_s: float) -> list[str]:
    """Return how to run a Scrapy spider that reads the same fields; one request at a time if delayed."""
    spider = folder / "spider.py"
    starts = [f"{origin}/lv/jaunumi" for origin in origins]
    spider.write_text(SPIDER.format(starts=starts, delay=delay_s, at_once=1 if delay_s else 8))
    return [sys.executable, "-m", "scrapy", "runspider", str(spider), "-O", str(folder / "releases.jsonl")]


COMMANDS = {"crawl": crawl_command, "again": crawl_command, "scrapy": scrapy_command}


@contextmanager
def serving(pages: int, sites: int) -> Iterator[list[str]]:
    """Serve *sites* sites of so many releases each from a process of its own; yield their origins."""
    ours, theirs = multiprocessing.Pipe()
    server = multiprocessing.Process(target=_serve, args=(theirs, pages, sites), daemon=True)
    server.start()
    try:
        yield ours.recv()
    finally:
        server.terminate()
        server.join()


def _serve(ready: Connection, pages: int, sites: int) -> None:
    async def serve() -> None:
        servers = [await asyncio.start_server(_answering(pages), "127.0.0.1", 0) for _ in range(sites)]
        ready.send([f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}" for server in servers])
        await asyncio.Event().wait()

    asyncio.run(serve())


def _answering(pages: int):  # type: ignore[no-untyped-def]  # of a coroutine function
    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while request := await reader.readuntil(b"\r\n\r\n") if not reader.at_eof() else b"":
            path = request.split(b" ", 2)[1].decode()
            status, body = _page(path, pages)
            etag = f'"{hashlib.md5(body).hexdigest()}"'.encode()
            if status == 200 and etag in request:
                status, body = 304, b""
            writer.write(
                b"HTTP/1.1 %d X\r\nContent-Type: text/html; charset=utf-8\r\n"
                b"ETag: %s\r\nContent-Length: %d\r\n\r\n%s" % (status, etag, len(body), body)
            )

    async def until_closed(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            await answer(reader, writer)
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            writer.close()

    return until_closed


def _page(path: str, pages: int) -> tuple[int, bytes]:
    route, _, number = path.partition("?page=")
    if route == "/lv/jaunumi":
        return 200, _list(int(number or 0), pages).encode()
    name = path.removeprefix("/lv/jaunums/relize-")
    if name.isdecimal() and int(name) < pages:
        return 200, _release(int(name)).encode()
    return 404, b"<h1>404</h1>"


def _list(number: int, pages: int) -> str:
    rows = "".join(
        f'<div class="views-row"><h3><a href="/lv/jaunums/relize-{at}">{_words(at, 8)}</a></h3>'
        f'<time datetime="{_day(at)}">{_day(at)}</time><p>{_words(at + 1, 20)}</p></div>'
        for at in range(number * LIST_SIZE, min(pages, (number + 1) * LIST_SIZE))
    )
    more = f'<a href="?page={number + 1}">›</a>' if (number + 1) * LIST_SIZE < pages else ""
    return _around(f'<h1>Jaunumi</h1>{rows}<nav class="pager">{more}</nav>')


def _release(number: int) -> str:
    paragraphs = "".join(f"<p>{_words(number * 7 + at, 60)}.</p>" for at in range(6))
    return _around(
        f"<article><h1>{_words(number, 8)}</h1>"
        f'<div class="date"><time datetime="{_day(number)}">{_day(number)}</time></div>'
        f'<div class="category">Ziņa</div><div class="lead">{_words(number + 3, 25)}.</div>'
        f'<div class="text__text-content">{paragraphs}</div></article>'
    )


def _around(content: str) -> str:
    menu = "".join(f'<li><a href="/lv/sadala-{at}">{_words(at, 2)}</a></li>' for at in range(40))
    return (
        '<!DOCTYPE html><html lang="lv"><head><meta charset="utf-8"><title>Ministrija</title></head><body>'
        f"<header><nav><ul>{menu}</ul></nav></header><main>{content}</main><footer><ul>{menu}</ul></footer></body></html>"
    )


def _words(seed: int, count: int) -> str:
    return " ".join(
        WORDS[(seed * 31 + at * at * 7 + at) % len(WORDS)] + ("" if at % 9 else f" {seed + at}")
        for at in range(count)
    )


def _day(number: int) -> str:
    return f"{2010 + number % 16}-{number % 12 + 1:02}-{number % 28 + 1:02}"


if __name__ == "__main__":
    main()
