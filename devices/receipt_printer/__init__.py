"""The receipt printer: from a paper to bytes, and from bytes to a confirmed result."""
