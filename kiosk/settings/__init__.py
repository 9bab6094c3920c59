"""Settings in force: from the file, the feed, and the spot."""
