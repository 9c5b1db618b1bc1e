"""Lucene, where its jars are on the machine and a Java that compiles and is new enough for them."""

import shutil
import subprocess
from collections.abc import Iterator, Sequence
from pathlib import Path

from benchmarks.peers.engine import AbsentError
from benchmarks.peers.program import Program

PROGRAM = Path(__file__).with_name("LuceneProgram.java")
# Where Debian's liblucene9-java and its Javas are.
JARS, JAVAS = Path("/usr/share/java"), Path("/usr/lib/jvm")
# Its jar has lost the lists of Lucene's formats, and the classes for Java's newer way of mapping files.
SERVICES = Path(__file__).with_name("lucene_services")
OPTIONS = ("-Xmx2g", "-Dorg.apache.lucene.store.MMapDirectory.enableMemorySegments=false")


def lucene() -> Program:
    """Return Lucene, started; Java compiles the program as it starts."""
    jar = JARS / "lucene9.jar"
    if not jar.exists():
        raise AbsentError(f"no {jar} (Debian: liblucene9-java)")
    options = (*OPTIONS, "-cp", f"{jar}:{SERVICES}", str(PROGRAM))
    java = next((one for one in _javas() if _compiles(one, options)), None)
    if java is None:
        raise AbsentError(f"no Java that compiles for {jar} (Debian: openjdk-21-jdk-headless)")
    return Program("lucene", (1, 2), [java, *options])


def _javas() -> Iterator[str]:
    found = shutil.which("java")
    if found:
        yield found
    yield from map(str, sorted(JAVAS.glob("*/bin/java")))


def _compiles(java: str, options: Sequence[str]) -> bool:
    tried = subprocess.run([java, *options], stdin=subprocess.DEVNULL, capture_output=True, check=False)
    return tried.returncode == 0
