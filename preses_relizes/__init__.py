"""What do the three packages share? The starts of the commands, the version, and what is in `shared`."""

__version__ = "0.2.0"
"""The version of the program, a semantic version; package, commands and User-Agent take it from here."""
