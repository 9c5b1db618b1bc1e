"""Where are words of a part, loose phrases, words with some beginning or letters, and the matches of hits?"""
