"""Each field of a release, found in a page: title, text, day, category, contact, links, language."""
