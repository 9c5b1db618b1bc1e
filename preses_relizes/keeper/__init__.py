"""Keeps the sockets of a service open while the program that answers them is exchanged."""

from preses_relizes.keeper.keeper import keep
from preses_relizes.keeper.kept import OPTION, Kept

__all__ = ["OPTION", "Kept", "keep"]
