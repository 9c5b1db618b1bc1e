"""What do all commands share? Signals, processes, memory, durable files, streams, the Latvian calendar."""
