"""Which URL is asked next, and when, and what follows from its answer?"""
