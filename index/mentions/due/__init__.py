"""Which times does a text name, and does a sentence announce something for them?"""
