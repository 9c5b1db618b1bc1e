"""What does each page show, and where does it come from? One module for each page or part of a page."""
