"""The database: what a commit means, its schema, and within which time it answers."""
