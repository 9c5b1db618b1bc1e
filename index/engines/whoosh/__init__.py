"""How does Whoosh search, build, update and swap the index?"""
