"""How is an installation kept sound? The command `releases`: checks, backups, cleaning up and upgrades.

The top floor: it imports all three packages, and none of them imports it.
"""
