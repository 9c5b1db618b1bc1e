"""A page's mark-up as a tree, its selectors and its blocks of text."""
