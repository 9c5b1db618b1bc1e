"""What do all three packages agree on? The commands, signals, child processes and the calendar of Latvia."""
