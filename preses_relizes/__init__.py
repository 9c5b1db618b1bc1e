"""What do all three packages share? The commands, signals, child processes and the calendar of Latvia."""
