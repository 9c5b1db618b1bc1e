"""Which URL is fetched next, and when?"""
