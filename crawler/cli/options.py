"""Options that several subcommands share, exit codes, and the end of a command with a message."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from pathlib import Path
from typing import Annotated, NoReturn

import typer
from filelock import Timeout
from rich.console import Console

from crawler.check import contact_fault, host_without_contact
from crawler.cli.site_completion import complete_site
from crawler.config import ConfigError, CrawlerConfig, Site, Storage, load
from crawler.store import StoreError
from crawler.urls import address, canonical
from preses_relizes.shared.streams import reason_of

# Exit codes: a site or the store is unsound; wrong options or settings; another crawl runs; a broken store.
UNSOUND, USAGE, BUSY, BROKEN = 1, 2, 3, 4

ConfigOption = Annotated[Path, typer.Option("--config", metavar="FILE", help="The settings file.")]
JsonOption = Annotated[bool, typer.Option("--json", help="Print the result as JSON.")]
SiteOption = Annotated[
    list[str] | None,
    typer.Option(
        "--site", metavar="ID", help="Only this site; may be repeated.", autocompletion=complete_site
    ),
]
DEFAULT_CONFIG = Path("config.toml")


def load_settings(
    path: Path, read: Callable[[Path], tuple[Storage, CrawlerConfig]] = load
) -> tuple[Storage, CrawlerConfig]:
    """Return the settings in *path*; end the command if they are wrong."""
    try:
        return read(path)
    except ConfigError as error:
        fail(str(error), USAGE)


def find_sites(settings: CrawlerConfig, ids: Sequence[str] | None) -> list[Site]:
    """Return the sites named *ids*, or all enabled ones; end the command if one is unknown."""
    by_id = {site.id: site for site in settings.sites}
    if unknown := [id_ for id_ in ids or () if id_ not in by_id]:
        fail(f"no site {unknown[0]!r} in the settings; there are {', '.join(by_id) or 'none'}", USAGE)
    if ids:
        return [by_id[id_] for id_ in dict.fromkeys(ids)]
    if not settings.sites:
        fail("no sites in the settings: name some in built_in_sites, or add [[crawler.sites]]", USAGE)
    return [site for site in settings.sites if site.enabled]


def require_contact(sites: Iterable[Site], settings: CrawlerConfig, path: Path) -> None:
    """End the command if it would contact a public site without an address of the operator.

    *path* is the settings file, for the message.
    """
    if host := host_without_contact(sites, settings):
        fail(
            f"{path}: crawler.politeness.user_agent {contact_fault(settings.politeness.user_agent)}: "
            f"put your page or e-mail address there, so that {host} can reach you",
            USAGE,
        )


def parse_day(text: str) -> date:
    """Return the day that *text* names; end the command if it names none."""
    try:
        return datetime.strptime(text, "%Y-%m-%d").date()  # noqa: DTZ007 - a day has no time zone
    except ValueError:
        raise typer.BadParameter(f"{text!r} is not a day, such as 2026-01-31.") from None


def parse_url(url: str) -> str:
    """Return the canonical form of *url*; end the command if it is not a web address."""
    if address(url) is None:
        fail(f"{url}: not a web address; it must begin with http:// or https://", USAGE)
    return canonical(url)


@contextmanager
def exit_on_error() -> Iterator[None]:
    """End the command with one line if the store fails or another crawl is running."""
    try:
        yield
    except Timeout:
        fail("another crawl is running on the same data", BUSY)
    except StoreError as error:
        fail(str(error), BROKEN)
    except OSError as error:
        fail(reason_of(error), BROKEN)


def fail(message: str, code: int) -> NoReturn:
    """End the command with *message* on standard error."""
    typer.echo(f"crawl: {message}", err=True)
    raise typer.Exit(code)


def count(number: int, noun: str) -> str:
    """Return *number* with *noun*, in the plural if need be.

    >>> count(1, "edit"), count(2, "edit")
    ('1 edit', '2 edits')
    """
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def open_console() -> Console:
    """Return the console for tables; a file or pipe gets a fixed width instead of a terminal's."""
    console = Console()
    return console if console.is_terminal else Console(width=140)
