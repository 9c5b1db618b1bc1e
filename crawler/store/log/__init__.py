"""What did each version of a release say? An append-only log that anyone can check, by docs/log.md."""
