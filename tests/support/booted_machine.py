"""A machine that systemd boots: the files of this one, all changes thrown away, no network but loopback.

The program is in /opt/releases, as docs/operations.md installs it, but from this checkout.
"""

import os
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
# A machine that runs many tests at once boots, crawls and indexes slowly.
DEADLINE_S = 580
# Unit that runs the script of a test, then ends the machine.
UNIT = """
[Unit]
Description=The script of a test
Requires=sysinit.target
After=sysinit.target
SuccessAction=exit-force
FailureAction=exit-force
[Service]
Type=oneshot
ExecStart=/bin/sh -eux /mnt/test/script
ExecStopPost=/bin/sh -c 'journalctl --boot --no-pager --output=cat > /mnt/test/journal'
StandardOutput=append:/mnt/test/output
StandardError=append:/mnt/test/output
"""
# The files of this machine, below a file system in memory that takes all changes.
BOOT = """
layers=$1 extra=$2 && shift 2
mount -t tmpfs tmpfs "$layers"
mkdir "$layers/changes" "$layers/work" "$layers/root"
mount -t overlay overlay -o "lowerdir=/,upperdir=$layers/changes,workdir=$layers/work" "$layers/root"
: > "$layers/root/etc/machine-id"
rm -rf "$layers/root/var/log/journal" "$layers/root/opt/releases"
cp -a "$extra/." "$layers/root"
exec "$@"
"""


def need_machine() -> None:
    """Skip the test if no machine can be booted here."""
    if shutil.which("systemd-nspawn") is None or os.geteuid() != 0:
        pytest.skip("needs root and systemd-nspawn: apt-get install systemd-container")


# What comes before each script. The program's Python finds its own library first, wherever it was built for.
# `wait_for` waits until a command succeeds, for two minutes at most.
PRELUDE = """
echo /opt/python/lib > /etc/ld.so.conf.d/00-test.conf
ldconfig
wait_for() {
  set +x
  left=600
  until "$@"; do
    left=$((left - 1))
    [ $left -gt 0 ] || { echo "timed out: $*"; exit 1; }
    sleep 0.2
  done
  set -x
}
"""


def boot(folder: Path, script: str) -> None:
    """Boot a machine, and run the shell *script* in it as root; a line that fails fails the test.

    The script finds *folder* as /mnt/test, and the checkout as /opt/checkout. Its output and the journal
    are left in *folder*.
    """
    layers, extra = folder / "layers", folder / "extra"
    layers.mkdir()
    (folder / "script").write_text(PRELUDE + script, encoding="utf-8")
    _add_program(extra)
    command = [
        *("unshare", "--mount", "sh", "-eu", "-c", BOOT, "boot", layers, extra),
        *(
            "systemd-nspawn",
            "--quiet",
            f"--directory={layers / 'root'}",
            "--register=no",
            "--keep-unit",
            "--boot",
        ),
        *("--private-network", "--resolv-conf=off", "--timezone=off", "--link-journal=no"),
        *(f"--bind={folder}:/mnt/test", f"--bind-ro={ROOT}:/opt/checkout"),
        *(f"--bind-ro={sys.base_prefix}:/opt/python", f"--bind-ro={_packages()}:/opt/packages"),
        "systemd.unit=test-script.service",
    ]
    done = subprocess.run(command, capture_output=True, text=True, timeout=DEADLINE_S, check=False)
    output = folder / "output"
    if done.returncode != 0 and not output.exists():
        pytest.skip(f"needs a machine on which systemd-nspawn can boot another: {done.stderr[-300:]}")
    left = [path.read_text(encoding="utf-8")[-6000:] for path in (output, folder / "journal")]
    assert done.returncode == 0, "\n".join([done.stdout[-1000:], done.stderr[-1000:], *left])


def _packages() -> Path:
    return Path(pytest.__file__).parents[1]


def _add_program(extra: Path) -> None:
    """Make what the machine has besides the files of this one: the program, and the unit of the script."""
    program = extra / "opt" / "releases"
    bin_ = program / "bin"
    site = program / "lib" / f"python3.{sys.version_info.minor}" / "site-packages"
    units = extra / "etc" / "systemd" / "system"
    for made in (bin_, site, units):
        made.mkdir(parents=True)
    (program / "pyvenv.cfg").write_text("home = /opt/python/bin\ninclude-system-site-packages = false\n")
    (bin_ / "python").symlink_to(f"/opt/python/bin/python3.{sys.version_info.minor}")
    (site / "checkout.pth").write_text("/opt/checkout\n/opt/packages\n")
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    for name, function in project["scripts"].items():
        module, _, act = function.partition(":")
        (bin_ / name).write_text(
            f"#!/opt/releases/bin/python\nimport sys\nfrom {module} import {act}\n"
            f"if __name__ == '__main__':\n    sys.exit({act}())\n"
        )
        (bin_ / name).chmod(0o755)
    (units / "test-script.service").write_text(UNIT)
