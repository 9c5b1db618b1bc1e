"""A notice that processes wait for."""

import os


class Notice:
    """A notice that this process gives once; those forked before or after can wait for it by `fileno`."""

    has_come = False

    def __init__(self) -> None:
        self._reader, self._writer = os.pipe()

    def give(self) -> None:
        """Give the notice; safe in a signal handler."""
        if not self.has_come:
            self.has_come = True
            os.write(self._writer, b".")

    def fileno(self) -> int:
        """Return the descriptor that is readable once it has come."""
        return self._reader

    def close(self) -> None:
        """Close its descriptors in this process."""
        os.close(self._reader)
        os.close(self._writer)
