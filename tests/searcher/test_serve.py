import gc
import signal
import socket
import subprocess
import threading
from contextlib import ExitStack, closing
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import requests

from searcher import create_app
from searcher.serve import warm
from searcher.server.connections import ARRIVAL_S
from tests.conftest import Walk, run_command
from tests.support.awaiting import DEADLINE_S, wait_until
from tests.support.children import child, run_bounded
from tests.support.few_concepts import FEW_CONCEPTS
from tests.support.serving import PROGRAM, free_port, serving

pytestmark = pytest.mark.sweep


def test_a_new_index_fails_no_request(walked: Walk) -> None:
    with serving(walked.lean_config) as address, requests.Session() as session:
        first = session.get(f"{address}/healthz").json()["generation"]
        statuses, totals, stop = set(), set(), threading.Event()

        def search() -> None:
            with requests.Session() as searching:
                while not stop.is_set():
                    answer = searching.get(f"{address}/api/v1/search", params={"q": "budžets"})
                    statuses.add(answer.status_code)
                    totals.add(answer.json()["total"])

        clients = [threading.Thread(target=search) for _ in range(3)]
        for client in clients:
            client.start()
        run_command("reindex", "--config", str(walked.config), "--full")
        wait_until(lambda: session.get(f"{address}/healthz").json()["generation"] != first)
        stop.set()
        for client in clients:
            client.join()
        assert (statuses, len(totals)) == ({200}, 1)


def test_half_sent_requests_do_not_block_others(walked: Walk) -> None:
    with serving(walked.lean_config, "--processes", "1") as address, ExitStack() as opened:
        place = urlsplit(address)
        # The first search loads the index, which takes long on a busy machine.
        assert requests.get(f"{address}/api/v1/search?q=ministrija", timeout=DEADLINE_S).status_code == 200
        for _ in range(150):
            silent = opened.enter_context(socket.create_connection((place.hostname, place.port)))
            silent.sendall(b"GET / HTTP/1.1\r\nHost: ")
        # Less than the time after which half-sent requests are given up.
        answer = requests.get(f"{address}/api/v1/search?q=ministrija", timeout=ARRIVAL_S - 1)
        assert answer.status_code == 200


@pytest.mark.parametrize("option", [["--config", "nowhere.toml"]])
def test_a_missing_settings_file_is_reported_in_one_line(option: list[str]) -> None:
    done = run_bounded([PROGRAM, *option], capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert (
        done.stderr
        == "serve: nowhere.toml: cannot be read: No such file or directory; `crawl init` writes a new one\n"
    )


@pytest.mark.parametrize("processes", ["1", "2"])
def test_a_missing_index_is_reported_once_at_start(processes: str, tmp_path: Path) -> None:
    (tmp_path / "config.toml").write_text(f'data_dir = "data"{FEW_CONCEPTS}', encoding="utf-8")
    command = [str(PROGRAM), "--config", str(tmp_path / "config.toml"), "--port", str(free_port())]
    with child(
        [*command, "--processes", processes], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE
    ) as process:
        assert process.stderr is not None
        first = process.stderr.readline()
        process.send_signal(signal.SIGTERM)
        others = process.stderr.read()
    assert first.startswith(f"serve: {tmp_path}/data/index")
    assert "no index; run `reindex`" in first
    assert others == ""


def test_a_taken_port_is_an_error(walked: Walk) -> None:
    with closing(socket.socket()) as held:
        held.bind(("127.0.0.1", 0))
        held.listen()
        port = str(held.getsockname()[1])
        done = run_bounded(
            [PROGRAM, "--config", walked.lean_config, "--port", port],
            capture_output=True,
            text=True,
            check=False,
        )
    assert done.returncode == 1
    expected = (
        f"serve: cannot listen on 127.0.0.1:{port}: Address already in use; choose another with --port\n"
    )
    assert done.stderr == expected


@pytest.mark.parametrize(
    ("host", "reason"),
    [
        ("nekur.invalid", "Name or service not known"),
        ("192.0.2.1", "Cannot assign requested address"),
        ("a" * 64, "not a host name"),
    ],
)
def test_an_address_that_is_not_of_this_machine_is_an_error(walked: Walk, host: str, reason: str) -> None:
    command = [PROGRAM, "--config", walked.lean_config, "--host", host, "--port", "1"]
    done = run_bounded(command, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert done.stderr.endswith(f": {reason}; choose another with --host\n")


def test_what_is_loaded_at_start_is_left_out_of_later_garbage_collections(walked: Walk) -> None:
    service = create_app(walked.config).extensions["service"]
    thresholds = gc.get_threshold()
    try:
        warm(service, place=0)
        assert gc.get_freeze_count() > len(gc.get_objects())
    finally:
        gc.unfreeze()
        gc.set_threshold(*thresholds)
