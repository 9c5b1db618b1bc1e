"""Analysed words and texts, and indexed releases, as recorded for the versions in `index.versions`."""
