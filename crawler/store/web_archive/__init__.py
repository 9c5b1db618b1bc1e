"""Here are pages: give a file of web archives with them, WARC or WACZ, each record with its digest."""
