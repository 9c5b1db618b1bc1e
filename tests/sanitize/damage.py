"""Searches in damaged segments for a number of seconds: `python -m tests.sanitize.damage SECONDS [SEED]`."""

import logging
import random
import sys
import time

from tests.fuzz.targets import TARGETS
from tests.sanitize import heap_arrays  # noqa: F401 - it replaces how arrays are read


def main(seconds: float, seed: int) -> None:
    """Damage and search; the last line printed before an error names the seed that repeats it."""
    logging.disable()
    end = time.monotonic() + seconds
    count = 0
    while time.monotonic() < end:
        chance = random.Random(seed + count)
        print(f"seed {seed + count}", end="\r", flush=True)
        TARGETS["segment"](chance.randbytes(1 + 4 * chance.choice((1, 10, 100))))
        count += 1
    print(f"{count:,} damaged segments searched, from seed {seed}")


if __name__ == "__main__":
    main(float(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else random.randrange(10**9))
