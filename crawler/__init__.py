"""From ministry pages to cleaned releases; knows nothing of search."""
