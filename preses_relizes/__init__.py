"""What do the three packages share? Commands, version, signals, child processes, Latvian calendar."""

__version__ = "0.1.0"
"""The version of the program, a semantic version; package, commands and User-Agent take it from here."""
