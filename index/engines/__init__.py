"""Which engine holds the index? The interface that each implements, and one room for each."""
