"""Lucene, if Maven and a recent JDK are installed: Maven fetches the jars, Java compiles the program."""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

from benchmarks.peers.engine import AbsentError
from benchmarks.peers.program import Program

SOURCE = Path(__file__).with_name("lucene_program")
# Vector instructions are faster. Lucene 10 maps files the newer way by itself, and warns if it may not call
# native functions.
OPTIONS = ("-Xmx4g", "--add-modules", "jdk.incubator.vector", "--enable-native-access=ALL-UNNAMED")
# Java compiles a method once it has run often enough.
WARM_UPS = 10


def lucene(*, reordered: bool = False) -> Program:
    """Start Lucene; if *reordered*, documents that share terms get numbers near one another."""
    options = (*OPTIONS, "-cp", _class_path(), str(SOURCE / "LuceneProgram.java"))
    arguments = ("reordered",) if reordered else ()
    java = next((path for path in _javas() if _compiles(path, options)), None)
    if java is None:
        raise AbsentError("no Java that compiles for Lucene 10 (21 or newer); JAVA_HOME may name one")
    name = "lucene-reordered" if reordered else "lucene"
    return Program(name, (1, 2), [java, *options, *arguments], warm_ups=WARM_UPS)


def _class_path() -> str:
    maven = shutil.which("mvn")
    if maven is None:
        raise AbsentError("no mvn (Debian: maven)")
    with tempfile.NamedTemporaryFile("r") as output:
        command = [maven, "-q", "dependency:build-classpath", f"-Dmdep.outputFile={output.name}"]
        result = subprocess.run(
            command, cwd=SOURCE, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False
        )
        if result.returncode:
            raise AbsentError(f"mvn cannot fetch Lucene: {result.stdout.strip().splitlines()[0]}")
        return Path(output.name).read_text().strip()


def _javas() -> Iterator[str]:
    """Yield the Java of JAVA_HOME, the one on the path, and those installed beside it, newest name first."""
    if home := os.environ.get("JAVA_HOME"):
        yield str(Path(home) / "bin" / "java")
    if java := shutil.which("java"):
        yield java
        yield from map(str, sorted(Path(java).resolve().parents[2].glob("*/bin/java"), reverse=True))


def _compiles(java: str, options: Sequence[str]) -> bool:
    try:
        result = subprocess.run([java, *options], stdin=subprocess.DEVNULL, capture_output=True, check=False)
    except OSError:
        return False
    return result.returncode == 0
