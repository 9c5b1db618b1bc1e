"""`releases check`: is everything as it should be, and if not, what is to be done?"""

import json
import platform
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from crawler.check import check_settings
from crawler.config import CrawlerConfig, Storage, load_all
from index.config import load as load_indexing
from index.evaluation import judged_queries
from preses_relizes import __version__
from preses_relizes.admin.data_checks import check_data, last_crawl
from preses_relizes.admin.diagnosis import Diagnosis, bad, ok
from preses_relizes.admin.machine_checks import (
    check_clock,
    check_crawl_age,
    check_disk,
    check_permissions,
    check_search_core,
)
from preses_relizes.admin.network_check import check_network
from preses_relizes.admin.options import (
    DEFAULT_CONFIG,
    FAILURES,
    UNSOUND,
    ConfigOption,
    JsonOption,
    explain,
    fail,
)
from searcher.config import load as load_serving


def check(
    *,
    config: ConfigOption = DEFAULT_CONFIG,
    offline: Annotated[bool, typer.Option("--offline", help="Make no requests.")] = False,
    as_json: JsonOption = False,
) -> None:
    """Check program, settings, permissions, disk, clock, last crawl, store, index, network; say what to do.

    Nothing is changed. `BAD` needs a remedy, which follows the arrow; `note` is something to know. The whole
    index is verified and the judged queries are run, which may take a minute. `crawl check` tries every site.

    Exit code 1: something is bad.

    For example:

    - `releases check` — after an installation, an upgrade or a restore

    - `releases check --offline --json` — for a monitoring system
    """
    found: list[Diagnosis] = []
    try:
        storage, settings = load_all(config)
        judged_queries(load_indexing(config).judged)
        for diagnosis in diagnose(config, storage, settings, is_offline=offline):
            found.append(diagnosis)
            if not as_json:
                diagnosis.show()
    except FAILURES as error:
        message, code = explain(error)
        if not as_json:
            fail(message, code)
        # A program that reads the output learns of it there, too.
        found.append(bad("check", message, "follow the message; what comes after it was not checked"))
    else:
        code = UNSOUND if any(diagnosis.state == "bad" for diagnosis in found) else 0
    if as_json:
        typer.echo(json.dumps([asdict(diagnosis) for diagnosis in found], ensure_ascii=False, indent=2))
    raise typer.Exit(code)


def diagnose(
    config: Path, storage: Storage, settings: CrawlerConfig, *, is_offline: bool
) -> Iterator[Diagnosis]:
    """Yield the diagnoses in the order in which faults should be mended."""
    yield ok("program", f"preses-relizes {__version__}, Python {platform.python_version()}")
    if load_indexing(config).engine == "whoosh":
        yield from check_search_core()
    sites = [site for site in settings.sites if site.enabled]
    finding = check_settings(config, sites, settings)
    if finding.is_well:
        yield ok(finding.what, finding.remark)
    else:
        yield bad(finding.what, finding.remark, finding.advice)
    yield from check_permissions(storage)
    yield from check_disk(storage)
    crawled = last_crawl(storage)
    yield from check_clock(crawled)
    yield from check_crawl_age(crawled, load_serving(config).crawl_age_max_h)
    yield from check_data(storage, settings, config)
    if not is_offline and finding.is_well:
        yield from check_network(sites, settings, storage)
