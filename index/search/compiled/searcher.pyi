"""What Python sees of the compiled searcher."""

class CompiledSearcher:
    """Answers common queries."""
