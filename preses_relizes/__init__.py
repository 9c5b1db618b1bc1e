"""What do all three packages share? Commands, version, signals, child processes, the calendar of Latvia."""

__version__ = "0.1.0"
"""The version of the program, a semantic version; package, commands and User-Agent take it from here."""
