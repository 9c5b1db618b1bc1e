"""Who is named in a text, and in which office?"""
