"""`serve` without capabilities and with nothing writable, as `deploy/systemd/releases.service` runs it."""

import math
import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import requests

from searcher import create_app
from tests.conftest import Walk
from tests.support.children import child, first_line
from tests.support.page_addresses import page_addresses
from tests.support.serving import PROGRAM, free_port

pytestmark = pytest.mark.sweep

NAMESPACE = ("unshare", "-m") if os.geteuid() == 0 else ("unshare", "-rm")
NOTHING_WRITABLE = """
  cut -d ' ' -f 2 /proc/mounts | while read -r place; do mount -o remount,bind,ro "$place" 2> /dev/null; done
  for folder in "$0" /tmp /dev/shm /var/tmp "$PWD"; do ! touch "$folder/x" 2> /dev/null || exit 9; done
  exec setpriv --no-new-privs --bounding-set=-all --inh-caps=-all "$@"
"""


def confine(folder: Path, *command: str) -> list[str]:
    """Return *command* wrapped so that it can write nowhere, *folder* included."""
    return [*NAMESPACE, "sh", "-c", NOTHING_WRITABLE, str(folder), *command]


@contextmanager
def serving(config: Path) -> Iterator[str]:
    command = (
        str(PROGRAM),
        "--json",
        "--config",
        str(config),
        "--port",
        str(free_port()),
        "--processes",
        "2",
    )
    confined = confine(config.parent, *command)
    with child(confined, lives_s=math.inf, stdout=subprocess.PIPE) as process:
        yield first_line(process).split('"')[3]


def test_every_page_is_served_without_write_access(walked: Walk) -> None:
    try:
        subprocess.run(confine(walked.config.parent, "true"), check=True, capture_output=True, timeout=60)
    except (OSError, subprocess.CalledProcessError):
        pytest.skip("needs permission to create a mount namespace, and setpriv: apt-get install util-linux")
    app = create_app(walked.config)
    free = app.test_client()
    with serving(walked.lean_config) as address:
        hits = requests.get(f"{address}/api/v1/search?q=ministrija", timeout=120).json()["hits"]
        asked = page_addresses(app, hits[0]["id"])
        statuses = {page: requests.get(address + page, timeout=120).status_code for page in asked}
    assert statuses == {page: free.get(page, follow_redirects=True).status_code for page in asked}
    assert [page for page, status in statuses.items() if status == 200 and "/releases/" in page]
