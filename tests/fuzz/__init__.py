"""Coverage-guided fuzzing of what reads the bytes of strangers: `make fuzz`; `make test` replays it."""
