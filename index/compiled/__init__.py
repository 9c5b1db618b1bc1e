"""What all of the core agree on: whether compiled modules are wanted; the arrays of a segment."""

import os
import sys

# No setting: settings are read by commands, and this is asked when modules are imported.
# Compiled modules read array files as they are, and their numbers begin with the lowest byte.
IS_WANTED = not os.environ.get("PRESES_RELIZES_PURE") and sys.byteorder == "little"
