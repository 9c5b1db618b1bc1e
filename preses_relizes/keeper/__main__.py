"""`python -m preses_relizes.keeper PID`: reload the `serve` that is process PID, and wait for the outcome."""

import sys

from preses_relizes.keeper.reload_desk import ask_to_reload

if __name__ == "__main__":
    if len(sys.argv) != 2 or not sys.argv[1].isdecimal():
        sys.exit("usage: python -m preses_relizes.keeper PID")
    if failure := ask_to_reload(int(sys.argv[1])):
        sys.exit(f"serve: {failure}")
