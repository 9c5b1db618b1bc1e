"""Speed and memory of `crawl` and Scrapy on the same loopback site.

    python -m benchmarks.crawl --pages 5000 --runs 3             # one site, no delay
    python -m benchmarks.crawl --pages 50000 --crawlers crawl    # memory on a large site
    python -m benchmarks.crawl --pages 50 --sites 5 --delay 0.2  # overhead over the delays

The crawlers run in turn, each in its own process; the site runs in another. `crawl` and Scrapy extract the
same fields by the same CSS selectors and write them to disk: `crawl` to its store, Scrapy as JSON lines.

Three more commands use the store of `crawl`: `again` crawls the unchanged site; `reextract` extracts the
stored pages by the same template, and `reextract-changed` by one that changes every release.
"""

import argparse
import asyncio
import hashlib
import json
import multiprocessing
import os
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from multiprocessing.connection import Connection
from pathlib import Path
from zlib import crc32

LIST_SIZE = 50
# Interval between samples of memory and CPU time; each sample takes about 5 ms of CPU.
SAMPLE_S = 0.25
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
    parser.add_argument("--crawlers", nargs="+", default=["crawl", "again", "scrapy"], choices=COMMANDS)
    parser.add_argument("--runs", type=int, default=1, help="number of rounds, each with a new store")
    asked = parser.parse_args()
    with serve_sites(asked.pages, asked.sites) as origins:
        for _ in range(asked.runs):
            with tempfile.TemporaryDirectory() as folder:
                for name in asked.crawlers:
                    print(json.dumps(run(name, Path(folder), origins, asked)), flush=True)


def run(name: str, folder: Path, origins: list[str], asked: argparse.Namespace) -> dict[str, object]:
    """Run the crawler *name*; return its measurements."""
    command = COMMANDS[name](folder, origins, asked.delay)
    if name == "again":
        reindex(folder)
    before = last_change_number(folder)
    found: dict[str, object] = {"crawler": name, **measure(command, folder, asked.pages * len(origins))}
    if asked.delay:
        requests = asked.pages + -(-asked.pages // LIST_SIZE) + 1  # releases, list pages, robots.txt
        found["times_the_delays"] = round(float(str(found["seconds"])) / (requests * asked.delay), 2)
    if name == "again":
        sites = json.loads((folder / "out").read_text("utf-8"))["sites"]
        requests = sum(site["requests"] for site in sites)
        found["share_304"] = round(sum(site["not_modified"] for site in sites) / requests, 4)
        found["records_rewritten"] = last_change_number(folder) - before
        found["reindex_did"] = reindex(folder)
    if name.startswith("reextract"):
        found["outcomes"] = json.loads((folder / "out").read_text("utf-8"))
    return found


def reindex(folder: Path) -> str:
    """Run `reindex`; return what it did, "nothing" if the index was up to date."""
    command = [sys.executable, "-c", "from index.reindex import main; main()", "--json", "--config"]
    done = subprocess.run([*command, folder / "config.toml"], check=True, capture_output=True, text=True)
    return str(json.loads(done.stdout)["did"])


def last_change_number(folder: Path) -> int:
    """Return the number of the last change in the store."""
    if not (store := folder / "data" / "releases.sqlite3").exists():
        return 0
    with closing(sqlite3.connect(store)) as db:
        return int(db.execute("SELECT max(number) FROM release").fetchone()[0] or 0)


def measure(command: list[str], folder: Path, pages: int) -> dict[str, float]:
    """Run *command*; return its time, pages per second, and CPU time and memory of all its processes."""
    began = time.monotonic()
    cpu_s: dict[int, float] = {}
    peak_kib = 0
    with (folder / "out").open("wb") as out, (folder / "err").open("wb") as err:
        process = subprocess.Popen(command, stdout=out, stderr=err)
        while process.poll() is None:
            seen = {pid: used for pid in process_tree(process.pid) if (used := process_usage(pid))}
            cpu_s |= {pid: cpu for pid, (cpu, _) in seen.items()}
            peak_kib = max(peak_kib, sum(kib for _, kib in seen.values()))
            time.sleep(SAMPLE_S)
    seconds = time.monotonic() - began
    if process.returncode:
        raise RuntimeError((folder / "err").read_text("utf-8"))
    return {
        "seconds": round(seconds, 1),
        "pages_per_s": round(pages / seconds, 1),
        "cpu_ms_per_page": round(sum(cpu_s.values()) / pages * 1000, 2),
        "peak_mb": round(peak_kib / 1024),
    }


def process_tree(root: int) -> set[int]:
    """Return the ids of the process *root* and its descendants."""
    parents = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdecimal() and (stat := read_proc_file(entry / "stat")):
            parents[int(entry.name)] = int(stat.rpartition(")")[2].split()[1])
    found = {root}
    while more := {pid for pid, parent in parents.items() if parent in found} - found:
        found |= more
    return found


def process_usage(pid: int) -> tuple[float, int] | None:
    """Return the CPU seconds and the memory (PSS, KiB) of a process; None if it has ended."""
    stat, memory = (
        read_proc_file(Path(f"/proc/{pid}/stat")),
        read_proc_file(Path(f"/proc/{pid}/smaps_rollup")),
    )
    if not stat or not memory:
        return None
    user, system = stat.rpartition(")")[2].split()[11:13]
    kib = next(int(line.split()[1]) for line in memory.splitlines() if line.startswith("Pss:"))
    return (int(user) + int(system)) / os.sysconf("SC_CLK_TCK"), kib


def read_proc_file(path: Path) -> str:
    """Return the text of a file in /proc; empty if the process has ended."""
    try:
        return path.read_text()
    except OSError:
        return ""


def crawl_command(folder: Path, origins: list[str], delay_s: float) -> list[str]:
    """Return the command that runs `crawl`; a second run finds nothing changed."""
    sites = "".join(
        f'[[crawler.sites]]\nid = "s{number}"\nministry = "M{number}"\ntemplate = "t"\n'
        f'start = ["{origin}/lv/jaunumi"]\nlist_pages_max = 10000\n'
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
    return our_command(folder)


def reextract_command(folder: Path, _origins: list[str], _delay_s: float) -> list[str]:
    """Return the command that extracts the stored pages again by the template of `crawl`."""
    return our_command(folder, "reextract")


def reextract_changed_command(folder: Path, origins: list[str], delay_s: float) -> list[str]:
    """Return the same command after a change of the template that changes every release."""
    config = folder / "config.toml"
    config.write_text(config.read_text("utf-8").replace("rows = [", 'drop = [".lead"]\nrows = [', 1), "utf-8")
    return reextract_command(folder, origins, delay_s)


def our_command(folder: Path, *subcommand: str) -> list[str]:
    """Return the command that runs `crawl`, or a subcommand of it, on the settings in *folder*."""
    run = "from crawler.crawl import main; main()"
    return [sys.executable, "-c", run, *subcommand, "--config", str(folder / "config.toml"), "--json"]


def scrapy_command(folder: Path, origins: list[str], delay_s: float) -> list[str]:
    """Return the command that runs Scrapy on the same fields; with a delay, one request at a time."""
    spider = folder / "spider.py"
    starts = [f"{origin}/lv/jaunumi" for origin in origins]
    spider.write_text(SPIDER.format(starts=starts, delay=delay_s, at_once=1 if delay_s else 8))
    return [sys.executable, "-m", "scrapy", "runspider", str(spider), "-O", str(folder / "releases.jsonl")]


COMMANDS = {
    "crawl": crawl_command,
    "again": crawl_command,
    "reextract": reextract_command,
    "reextract-changed": reextract_changed_command,
    "scrapy": scrapy_command,
}


@contextmanager
def serve_sites(pages: int, sites: int) -> Iterator[list[str]]:
    """Serve *sites* sites with *pages* releases each from another process; yield their origins."""
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
        # Each site needs its own IP address: Scrapy's delay applies to a host, whatever the port.
        hosts = [f"127.0.0.{number}" for number in range(1, sites + 1)]
        servers = [await asyncio.start_server(_handler(pages), host, 0) for host in hosts]
        ports = [server.sockets[0].getsockname()[1] for server in servers]
        ready.send([f"http://{host}:{port}" for host, port in zip(hosts, ports, strict=True)])
        await asyncio.Event().wait()

    asyncio.run(serve())


def _handler(pages: int):  # type: ignore[no-untyped-def]  # returns a coroutine function
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
    return _wrap_page(f'<h1>Jaunumi</h1>{rows}<nav class="pager">{more}</nav>')


def _release(number: int) -> str:
    paragraphs = "".join(f"<p>{_words(number * 7 + at, 60)}.</p>" for at in range(6))
    return _wrap_page(
        f"<article><h1>{_words(number, 8)}</h1>"
        f'<div class="date"><time datetime="{_day(number)}">{_day(number)}</time></div>'
        f'<div class="category">Ziņa</div><div class="lead">{_words(number + 3, 25)}.</div>'
        f'<div class="text__text-content">{paragraphs}</div></article>'
    )


def _wrap_page(content: str) -> str:
    menu = "".join(f'<li><a href="/lv/sadala-{at}">{_words(at, 2)}</a></li>' for at in range(40))
    return (
        '<!DOCTYPE html><html lang="lv"><head><meta charset="utf-8"><title>Ministrija</title></head><body>'
        f"<header><nav><ul>{menu}</ul></nav></header><main>{content}</main><footer><ul>{menu}</ul></footer></body></html>"
    )


def _words(seed: int, count: int) -> str:
    # Texts that share most of their words would be taken for one page at many addresses.
    return " ".join(
        WORDS[crc32(b"%d %d" % (seed, at)) % len(WORDS)] + ("" if at % 9 else f" {seed + at}")
        for at in range(count)
    )


def _day(number: int) -> str:
    return f"{2010 + number % 16}-{number % 12 + 1:02}-{number % 28 + 1:02}"


if __name__ == "__main__":
    main()
