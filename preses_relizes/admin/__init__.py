"""How is an installation kept sound? The command `releases`: checks, back-ups, clearing out and upgrades.

The top floor: it looks at the work of all three packages, and none of them knows of it.
"""
