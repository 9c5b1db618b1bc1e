"""Analysed words and texts, and indexed releases, as the recorded versions of `index.versions` make them."""
