"""Which documents have a word in a part, a loose phrase, or a word with some beginning or letters?"""
