"""The Latvian language: words of a text, their dictionary forms and stems."""
