"""The image, built and run by a container engine, confined as the compose file says: `make test-image`."""

import json
import os
import re
import shlex
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import requests
import yaml

from samples.server import Sites, crawl_config
from tests.support.children import child, run_bounded
from tests.support.serving import free_port

pytestmark = pytest.mark.sweep

ROOT = Path(__file__).parents[2]
CONTAINER = ROOT / "deploy" / "container"
CONTAINERFILE = (CONTAINER / "Containerfile").read_text(encoding="utf-8")
ENGINE = os.environ.get("ENGINE", "podman")
IMAGE = "localhost/releases-under-test"
# Installing what the image needs takes minutes on a busy machine.
BUILT_S = 1800


def own_options(command: str) -> list[str]:
    """Return the options for *command* that this machine's engine needs."""
    return shlex.split(os.environ.get(f"{command.upper()}_OPTIONS", ""))


@pytest.fixture(scope="module")
def image() -> str:
    base = os.environ.get("PYTHON_IMAGE")
    if not base or shutil.which(ENGINE) is None:
        pytest.skip("needs a container engine and a base image: make test-image PYTHON_IMAGE=...")
    docker_format = ["--format", "docker"] if ENGINE == "podman" else []
    argument = f"PYTHON_IMAGE={base}"
    command = [ENGINE, "build", *docker_format, *own_options("build"), "--build-arg", argument]
    subprocess.run(
        [*command, "--file", CONTAINER / "Containerfile", "--tag", IMAGE, ROOT], check=True, timeout=BUILT_S
    )
    return IMAGE


def confinement(service: str) -> list[str]:
    """Return the options that confine a container as compose.yaml does *service*."""
    settings = yaml.safe_load((CONTAINER / "compose.yaml").read_text(encoding="utf-8"))["services"][service]
    assert settings["read_only"]
    return [
        "--read-only",
        *(f"--cap-drop={one}" for one in settings["cap_drop"]),
        *(f"--security-opt={one.removesuffix(':true')}" for one in settings["security_opt"]),
        *(f"--tmpfs={one}" for one in settings["tmpfs"]),
    ]


def run(image: str, *command: str, options: list[str]) -> str:
    done = subprocess.run(
        [ENGINE, "run", "--rm", "--network=host", *own_options("run"), *options, image, *command],
        stdout=subprocess.PIPE,
        text=True,
        timeout=BUILT_S,
        check=True,
    )
    return done.stdout


@contextmanager
def running(image: str, name: str, *command: str, options: list[str]) -> Iterator[subprocess.Popen[str]]:
    """Run a container until the block ends, and end it as the engine does, by SIGTERM."""
    with child(
        [
            ENGINE,
            "run",
            "--rm",
            "--name",
            name,
            "--network=host",
            *own_options("run"),
            *options,
            image,
            *command,
        ],
        stdout=subprocess.PIPE,
    ) as process:
        try:
            yield process
        finally:
            run_bounded([ENGINE, "stop", "--time", "60", name], check=True, capture_output=True)
            process.communicate(timeout=120)
    assert process.returncode in (0, 143)


def test_image_has_no_compiler_and_its_user_owns_only_the_data(image: str) -> None:
    script = (
        "id -u; for each in cc gcc g++ clang make; do command -v $each; done; find / -xdev -user releases"
    )
    assert run(image, "sh", "-c", f"{script} 2>/dev/null; true", options=confinement("serve")).split() == [
        "10001",
        "/data",
    ]


def test_image_has_the_compiled_core(image: str) -> None:
    code = "from index.compiled import is_compiled; print(is_compiled())"
    assert run(image, "python", "-c", code, options=confinement("serve")) == "True\n"


def test_containers_crawl_and_serve_confined_as_in_the_compose_file(
    image: str, sites: Sites, tmp_path: Path
) -> None:
    port, data = free_port(), tmp_path / "data"
    config = tmp_path / "config.toml"
    config.write_text(crawl_config({"iem": sites["iem"]}, "/data"), encoding="utf-8")
    data.mkdir()
    data.chmod(0o777)  # its owner is no user of the image
    settings = f"--volume={config}:/etc/releases/config.toml:ro"
    with running(
        image,
        f"crawl-{port}",
        "crawl-hourly",
        options=[*confinement("crawl"), settings, f"--volume={data}:/data"],
    ) as crawl:
        assert crawl.stdout is not None
        assert next(line for line in crawl.stdout if "Rebuilt (" in line)
    serve = ["serve", "--port", str(port)]
    options = [*confinement("serve"), settings, f"--volume={data}:/data:ro"]
    with running(image, f"serve-{port}", *serve, options=options) as served:
        assert served.stdout is not None
        assert "Serving on" in served.stdout.readline()
        answer = requests.get(f"http://127.0.0.1:{port}/api/v1/search?q=ministrija", timeout=60).json()
        assert answer["total"] > 0
        health = [part.replace(":8000/", f":{port}/") for part in health_check()]
        subprocess.run([ENGINE, "exec", f"serve-{port}", *health], check=True, timeout=120)


def health_check() -> list[str]:
    [command] = re.findall(r"^HEALTHCHECK .*? CMD (\[.*?\])$", CONTAINERFILE, re.MULTILINE | re.DOTALL)
    words = json.loads(command.replace("\\\n", ""))
    assert isinstance(words, list)
    return words


def test_health_check_is_part_of_the_image(image: str) -> None:
    done = run_bounded([ENGINE, "inspect", image], capture_output=True, text=True, check=True)
    [found] = json.loads(done.stdout)
    healthcheck = found.get("Healthcheck") or found["Config"]["Healthcheck"]
    assert healthcheck["Test"] == ["CMD", *health_check()]
