"""What does an installation publish besides its pages? The subcommands `export` and `digest`."""
