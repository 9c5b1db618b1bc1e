"""Latvian: letters, tokens, dictionary forms, stems."""
