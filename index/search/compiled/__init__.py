"""The compiled search core: it answers queries as the modules in Python do, in a fraction of the time."""
