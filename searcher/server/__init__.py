"""How are requests taken, and by which processes and threads?"""
