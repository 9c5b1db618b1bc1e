"""Benchmarks, most of them against peers; each is a command."""
