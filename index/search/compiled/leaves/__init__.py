"""Which documents have a word in a part, a phrase, strict or loose, or a word with some beginning or letters?"""
