"""What do all commands stand on? Signals, child processes, durable files, streams, the Latvian calendar."""
