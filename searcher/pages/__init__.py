"""What does each page show, and from where? One module for each page or part of one."""
