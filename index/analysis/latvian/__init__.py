"""How are Latvian words written and inflected? Letters, tokens, dictionary forms, stems."""
