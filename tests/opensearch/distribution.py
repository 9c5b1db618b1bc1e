"""The OpenSearch server for tests, from Maven Central: the newest that a Java of this machine runs."""

import os
import re
import shutil
import subprocess
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ARTIFACT = "org.opensearch.distribution.integ-test-zip:opensearch:{version}:zip"
COPY = "org.apache.maven.plugins:maven-dependency-plugin:3.6.1:copy"
RELEASES = {21: "3.8.0", 17: "2.19.6"}
"""The release for each lowest version of Java, newest first."""
# The engine needs no other module; each one left out makes a node start sooner and smaller. Release 2.19 has
# only the transport.
MODULES = {"analysis-common", "lang-painless", "mapper-extras", "reindex", "transport-netty4"}


class MissingError(Exception):
    """This machine lacks something that the cluster needs; the message says what to install."""


@dataclass(frozen=True)
class Distribution:
    """An unpacked server and the Java that runs it."""

    home: Path
    version: str
    java: Path

    @property
    def options(self) -> list[str]:
        """The options of the JVM that this release needs."""
        if self.version.startswith("2."):
            return ["-Djava.security.manager=allow"]
        return [
            f"-javaagent:{self.home / 'agent' / 'opensearch-agent.jar'}",
            "--add-opens=java.base/java.nio=ALL-UNNAMED",
            "--add-modules=jdk.incubator.vector",
            "-Dorg.apache.lucene.store.MMapDirectory.sharedArenaMaxPermits=1",
        ]


def fetch(folder: Path) -> Distribution:
    """Fetch the server into *folder*; Maven keeps the download in its repository.

    Raises:
        MissingError: there is no Java 17 or newer, or no Maven, or Maven cannot fetch it.
    """
    home, java_version = _newest_java()
    version = next(release for least, release in RELEASES.items() if java_version >= least)
    _download(version, folder)
    with zipfile.ZipFile(folder / f"opensearch-{version}.zip") as archive:
        archive.extractall(folder, members=[name for name in archive.namelist() if _is_needed(name)])
    return Distribution(folder / f"opensearch-{version}", version, home / "bin" / "java")


def _newest_java() -> tuple[Path, int]:
    """Return home and version of the newest Java: of OPENSEARCH_JAVA_HOME alone, if it is set."""
    given = os.environ.get("OPENSEARCH_JAVA_HOME")
    versions = {home: _java_version(home) for home in ([Path(given)] if given else _java_homes())}
    newest = max(versions, key=versions.__getitem__, default=None)
    if newest is None or versions[newest] < min(RELEASES):
        raise MissingError(
            f"OpenSearch needs Java {min(RELEASES)} or newer: install it, or set OPENSEARCH_JAVA_HOME"
        )
    return newest, versions[newest]


def _java_homes() -> Iterator[Path]:
    """Yield JAVA_HOME, the home of the java on the PATH, and those installed beside it."""
    if home := os.environ.get("JAVA_HOME"):
        yield Path(home)
    if java := shutil.which("java"):
        yield from (path.parents[1] for path in Path(java).resolve().parents[2].glob("*/bin/java"))


def _java_version(home: Path) -> int:
    """Return the major version of the Java in *home*; 0 if there is none."""
    try:
        release = (home / "release").read_text(encoding="utf-8")
    except OSError:
        return 0
    version = re.search(r'^JAVA_VERSION="(\d+)', release, re.MULTILINE)
    return int(version[1]) if version else 0


def _download(version: str, folder: Path) -> None:
    maven = shutil.which("mvn")
    if maven is None:
        raise MissingError("OpenSearch comes from Maven Central, by Maven: install it (mvn)")
    artifact = ARTIFACT.format(version=version)
    command = [maven, "-q", "-B", COPY, f"-Dartifact={artifact}", f"-DoutputDirectory={folder}"]
    # Maven starts in the folder, where no pom.xml of a project changes what it does.
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False, timeout=600)
    if done.returncode != 0:
        errors = [line for line in done.stdout.splitlines() if line.startswith("[ERROR]")]
        raise MissingError(f"Maven could not fetch {artifact}: {errors[0] if errors else done.stderr}")


def _is_needed(member: str) -> bool:
    """Return whether *member*, a path in the archive, is part of the server or of a module it needs."""
    _, part, *rest = member.split("/")
    if part == "modules":
        return not rest or not rest[0] or rest[0] in MODULES
    return part in {"agent", "bin", "lib", "plugins"}
