"""Which documents have a word in a part, a phrase (with gaps), or a word with some beginning or letters?"""
