"""One revision a file. A released one is never changed."""
