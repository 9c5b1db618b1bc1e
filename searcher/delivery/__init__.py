"""How does an answer reach the client? Hosts, headers, caching, compression, static files."""
