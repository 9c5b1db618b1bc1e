"""What does an installation publish beside its pages? The subcommands `export` and `digest` of `releases`."""
