"""Runs a command for which a folder is read-only, as under systemd's `ProtectSystem=strict`."""

import os
from pathlib import Path

NAMESPACE = ("unshare", "-m") if os.geteuid() == 0 else ("unshare", "-rm")
READ_ONLY = (
    'mount --bind "$0" "$0" && mount -o remount,ro,bind "$0" && ! touch "$0/x" 2> /dev/null && exec "$@"'
)


def read_only(folder: Path, *command: str) -> list[str]:
    """Return *command* wrapped so that *folder* is read-only for it alone."""
    return [*NAMESPACE, "sh", "-c", READ_ONLY, str(folder), *command]
