"""One file an operation: coroutines that read from top to bottom and know no pixel, port or table."""
