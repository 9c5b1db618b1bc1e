"""How is a query answered where nothing was compiled? In NumPy, as the core does, but more slowly."""
