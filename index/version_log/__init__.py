"""How is the log of versions served? Here is a path or a version: give a file of the log, or a proof."""
