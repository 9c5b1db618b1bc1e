"""From releases to hits; knows nothing of the web."""
