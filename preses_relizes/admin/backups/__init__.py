"""Does a backup bring everything back? The subcommands `backup`, `restore` and `prove`, and their file."""
