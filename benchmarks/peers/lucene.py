"""Lucene, if its jars and a recent enough JDK are installed."""

import shutil
import subprocess
from collections.abc import Iterator, Sequence
from pathlib import Path

from benchmarks.peers.engine import AbsentError
from benchmarks.peers.program import Program

PROGRAM = Path(__file__).with_name("LuceneProgram.java")
# Paths of Debian's liblucene9-java and of its JDKs.
JARS, JAVAS = Path("/usr/share/java"), Path("/usr/lib/jvm")
# Debian's jar lacks Lucene's service files, and the classes for Java's newer memory mapping.
SERVICES = Path(__file__).with_name("lucene_services")
OPTIONS = ("-Xmx2g", "-Dorg.apache.lucene.store.MMapDirectory.enableMemorySegments=false")


def lucene() -> Program:
    """Start Lucene; Java compiles the program on start."""
    jar = JARS / "lucene9.jar"
    if not jar.exists():
        raise AbsentError(f"no {jar} (Debian: liblucene9-java)")
    options = (*OPTIONS, "-cp", f"{jar}:{SERVICES}", str(PROGRAM))
    java = next((path for path in _javas() if _compiles(path, options)), None)
    if java is None:
        raise AbsentError(f"no Java that compiles for {jar} (Debian: openjdk-21-jdk-headless)")
    return Program("lucene", (1, 2), [java, *options])


def _javas() -> Iterator[str]:
    java = shutil.which("java")
    if java:
        yield java
    yield from map(str, sorted(JAVAS.glob("*/bin/java")))


def _compiles(java: str, options: Sequence[str]) -> bool:
    result = subprocess.run([java, *options], stdin=subprocess.DEVNULL, capture_output=True, check=False)
    return result.returncode == 0
